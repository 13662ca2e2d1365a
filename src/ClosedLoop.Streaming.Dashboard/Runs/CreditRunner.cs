using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// Computes markov and shapley over all paths of a period and posts what differs from what stands. Every row goes through the log, so a
/// replay finds the same ledger; a run that is asked for twice posts nothing the second time.
/// </summary>
internal sealed class CreditRunner(IServiceProvider services, ILog log, TimeProvider time)
{
    /// <summary>Conversions that are held in memory at once.</summary>
    private const int BucketConversions = 10_000;
    public const long ConversionsMax = 5_000_000;
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(60), LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _one = new(1, 1);

    public IWarehouse Warehouse => services.GetService(typeof(IWarehouse)) as IWarehouse
        ?? throw new ApiException(ApiRefusal.Unavailable, "This process has no warehouse to read from.");

    /// <summary>Runs both models; the id of the run, or none when nothing was to be posted and <paramref name="evenEmpty"/> is false.</summary>
    /// <param name="whole">
    /// All conversions of the period are shared anew by what the paths say now; otherwise only those that have no credit yet, or whose value
    /// was corrected: what has been credited is not moved every hour because somebody else came by.
    /// </param>
    /// <exception cref="ApiException">Another run is under way, the warehouse lags behind, or the period is too large.</exception>
    public async Task<Id> RunAsync(Site site, ReportPeriod period, bool whole, bool evenEmpty, CancellationToken cancel)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, cancel)) throw new ApiException(ApiRefusal.Busy, "A run is under way; try again when it is done.");
        try
        {
            // What an earlier run posted must have arrived, or it would be posted again.
            await SettleAsync(cancel);
            var reader = new RunReader(Warehouse);
            var count = await reader.CountAsync(site, period, cancel);
            if (count > ConversionsMax) throw new ApiException(ApiRefusal.LimitReached, $"The period has {count} conversions; at most {ConversionsMax} fit into a run.");
            var books = new RunBooks(await reader.WaysAsync(site, period, cancel));
            var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
            var run = Id.OfBytes(System.Text.Encoding.UTF8.GetBytes($"credit run {site.Id} {period.From:yyyy-MM-dd} {period.To:yyyy-MM-dd} {nowMs}"));
            var writer = new RunWriter(log, site.Id, run, nowMs);
            var buckets = (int)Math.Max(1, (count + BucketConversions - 1) / BucketConversions);
            for (var bucket = 0; bucket < buckets; bucket++)
                foreach (var conversion in await reader.LinesAsync(site, period, bucket, buckets, cancel))
                {
                    Correct(writer, books, [.. conversion], whole);
                    await writer.BreatheAsync();
                }
            if (writer.Postings == 0 && !evenEmpty) return Id.None;
            books.Tell(writer);
            foreach (var model in ModelNames.OfRuns)
                writer.Made(model, DayOf(period.From), DayOf(period.To), site.LookbackDays, count, books.Nulls);
            await writer.BreatheAsync(end: true);
            await ArriveAsync(reader, run, cancel);
            return run;
        }
        catch (WarehouseAwayException e) { throw new ApiException(ApiRefusal.Unavailable, e.Message); }
        finally { _one.Release(); }
    }

    private static void Correct(RunWriter writer, RunBooks books, IReadOnlyList<LedgerLine> lines, bool whole)
    {
        var linear = lines.Where(l => l.Model == "linear").ToList();
        var sources = linear.GroupBy(l => l.Touch).ToDictionary(g => g.Key, g => g.Last());
        var changes = new List<CreditRow>();
        foreach (var model in ModelNames.OfRuns)
        {
            var posted = lines.Where(l => l.Model == ModelNames.Of(model)).ToList();
            if (!whole && posted.Count > 0 && Sums(posted) == Sums(linear)) continue;
            var now = books.Post(model, linear);
            changes.Clear();
            // A row that names another source than the touch has now is taken back too: its place in the ledger is another one.
            var standing = posted.Where(p => sources.TryGetValue(p.Touch, out var s) && IsSameSource(p, s)).Select(p => p.Row(model)).ToArray();
            foreach (var moved in posted.Where(p => !sources.TryGetValue(p.Touch, out var s) || !IsSameSource(p, s))) writer.Post(moved, moved.Row(model).Reversed());
            Ledger.Correct(standing, [.. now], changes);
            foreach (var row in changes) writer.Post(sources[row.Touch], row);
        }
    }

    private static (long, long, long) Sums(IReadOnlyList<LedgerLine> lines) => (lines.Sum(l => l.Amount), lines.Sum(l => (long)l.Share), lines.Sum(l => l.Profit));

    private static bool IsSameSource(LedgerLine a, LedgerLine b) => a.Channel == b.Channel && a.Source == b.Source && a.Medium == b.Medium && a.Campaign == b.Campaign;

    private async Task SettleAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        for (var partition = 0; partition < log.Partitions; partition++)
        {
            var end = log.EndOffset(Topic.Facts, partition);
            while (await log.PositionAsync("warehouse", Topic.Facts, partition, cancel) < end)
            {
                if (time.GetElapsedTime(began) > SettleMax) throw new ApiException(ApiRefusal.Unavailable, "The warehouse lags behind the log; try again later.");
                await Task.Delay(LookAgain, time, cancel);
            }
        }
    }

    /// <summary>Waits until the run can be read; one that takes longer is there soon all the same.</summary>
    private async Task ArriveAsync(RunReader reader, Id run, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < SettleMax && (await reader.RunsAsync(null, run, 10, cancel)).Count < ModelNames.OfRuns.Count)
            await Task.Delay(LookAgain, time, cancel);
    }

    private static int DayOf(DateOnly date) => date.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
}
