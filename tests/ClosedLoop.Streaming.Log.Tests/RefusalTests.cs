using System.Globalization;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>When the log says no, and how it finds back.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_failed_sync_nobody_gets_a_yes_and_the_process_is_told()
    {
        using (var file = _folder.Open())
        {
            var log = new EmbeddedLog(file);
            await log.AppendAsync(Topic.Hits, 0, "kept"u8);
            var waiting = log.ReadAsync(Topic.Hits, 0, 1, 100, default).AsTask();
            file.Sync.Fault = () => throw new IOException("the disk is gone");
            Assert.Equal("sync_failed", await ReasonAsync(log.AppendAsync(Topic.Hits, 0, "unsure"u8)));
            Assert.Equal("sync_failed", (await file.Failed).Reason);
            Assert.Equal("sync_failed", await ReasonAsync(waiting));
            Assert.Equal("sync_failed", await ReasonAsync(log.AppendAsync(Topic.Hits, 1, "late"u8)));
            Assert.Equal("sync_failed", await ReasonAsync(log.CommitPositionAsync("r", Topic.Hits, 0, 1)));
            Assert.Equal(1, log.EndOffset(Topic.Hits, 0));
            Assert.False(file.IsAccepting);
        }
        using (var file = _folder.Open())
        {
            var slice = await new EmbeddedLog(file).ReadAsync(Topic.Hits, 0, 0, 100, default);
            Assert.Equal("kept"u8.ToArray(), First(slice));
        }
    }

    [Fact]
    public async Task A_unit_that_throws_stops_the_process()
    {
        using var file = _folder.Open();
        var unit = file.SubmitAsync(new CommitUnit([], (_, _) => throw new InvalidOperationException("a bug"), 0, Background: false));
        Assert.Equal("commit_failed", await ReasonAsync(unit));
        Assert.Contains("a bug", (await file.Failed).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Durability.Disk)]
    [InlineData(Durability.PageCache)]
    public async Task A_full_disk_refuses_and_recovers_without_a_restart(Durability durability)
    {
        using var file = _folder.Open(o => o.Durability = durability);
        var log = new EmbeddedLog(file);
        await log.AppendAsync(Topic.Hits, 0, "first"u8);
        // SQLite answers SQLITE_FULL both at this bound and when the disk has no space.
        await PagesMaxAsync(file, Schema.Scalar(file.OpenReader(), "PRAGMA page_count"));
        for (var i = 0; i < 3; i++) Assert.Equal("disk_full", await ReasonAsync(log.AppendAsync(Topic.Hits, 0, new byte[50_000])));
        Assert.Equal("disk_full", await ReasonAsync(file.SubmitAsync(new CommitUnit([], (c, _) => Schema.Run(c, "CREATE TABLE t(x)"), 0, Background: false))));
        Assert.False(file.Failed.IsCompleted);
        await PagesMaxAsync(file, 1_000_000);
        await log.AppendAsync(Topic.Hits, 0, "second"u8);
        var slice = await log.ReadAsync(Topic.Hits, 0, 1, 100, default);
        Assert.Equal((1L, 1), (slice.FirstOffset, slice.Count));
        Assert.Equal("second"u8.ToArray(), First(slice));
        Assert.Equal(2, log.EndOffset(Topic.Hits, 0));
    }

    [Fact]
    public async Task Below_the_reserve_the_doors_close_and_what_is_inside_goes_on()
    {
        var free = 10L << 20;
        using var file = _folder.Open(o => o.FreeBytesMin = 100L << 20, () => Interlocked.Read(ref free));
        var log = new EmbeddedLog(file);
        await UntilAsync(() => !file.IsAccepting);
        var refusal = await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(Topic.Hits, 0, "x"u8));
        Assert.Equal("disk_full", refusal.Reason);
        Assert.Contains("10 MiB are free", refusal.Message, StringComparison.Ordinal);
        await log.CommitPositionAsync("r", Topic.Hits, 0, 0);
        Interlocked.Exchange(ref free, 200L << 20);
        await UntilAsync(() => file.IsAccepting);
        await log.AppendAsync(Topic.Hits, 0, "y"u8);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_what_it_took_is_stored()
    {
        using var file = _folder.Open(o => o.QueueBytesMax = 64 << 10);
        var log = new EmbeddedLog(file);
        using var hold = new ManualResetEventSlim();
        var holding = HoldAsync(file, hold);
        var taken = new List<Task>();
        Task task;
        while (!(task = log.AppendAsync(Topic.Hits, taken.Count % 4, new byte[1000])).IsFaulted) taken.Add(task);
        Assert.Equal("queue_full", await ReasonAsync(task));
        Assert.Equal(65, taken.Count);
        hold.Set();
        await holding;
        await Task.WhenAll(taken);
        Assert.Equal(65, Enumerable.Range(0, 4).Sum(p => log.EndOffset(Topic.Hits, p)));
        await log.AppendAsync(Topic.Hits, 0, new byte[1000]);
    }

    [Fact]
    public async Task A_record_over_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        using var file = _folder.Open(o => o.RecordBytesMax = 5000);
        var log = new EmbeddedLog(file);
        await log.AppendAsync(Topic.Hits, 0, new byte[5000]);
        Assert.Equal("record_too_large", await ReasonAsync(() => log.AppendAsync(Topic.Hits, 0, new byte[5001])));
    }

    [Fact]
    public async Task Large_background_work_goes_after_the_doors_and_small_work_rides_along()
    {
        using var file = _folder.Open(o => (o.BackgroundStarveMax, o.BackgroundWaitMax) = (TimeSpan.FromSeconds(60), TimeSpan.Zero));
        var log = new EmbeddedLog(file);
        using var hold = new ManualResetEventSlim();
        var holding = HoldAsync(file, hold);
        long atLarge = -1, atSmall = -1;
        var small = file.SubmitAsync(new CommitUnit([], (_, _) => atSmall = log.EndOffset(Topic.Hits, 0), 100, Background: true));
        var large = file.SubmitAsync(new CommitUnit([], (_, _) => atLarge = log.EndOffset(Topic.Hits, 0), 1 << 20, Background: true));
        var door = log.AppendAsync(Topic.Hits, 0, "x"u8);
        hold.Set();
        await Task.WhenAll(holding, small, large, door);
        Assert.Equal((0, 1), (atSmall, atLarge));
    }

    [Fact]
    public void All_mistakes_of_the_settings_come_in_one_message()
    {
        var options = new EmbeddedLogOptions { Path = " ", Partitions = 0, CommitBytesMax = 1, FactsAgeMax = TimeSpan.Zero };
        Assert.Equal(4, options.Mistakes().Count);
        Assert.Empty(new EmbeddedLogOptions().Mistakes());
    }

    internal static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }

    private static byte[] First(LogSlice slice)
    {
        foreach (var record in slice) return record.ToArray();
        return [];
    }

    /// <summary>Keeps the committer busy; returns once it is.</summary>
    private static Task HoldAsync(EmbeddedFile file, ManualResetEventSlim hold)
    {
        using var started = new ManualResetEventSlim();
        var unit = file.SubmitAsync(new CommitUnit([], (_, _) =>
        {
            started.Set();
            hold.Wait();
        }, 0, Background: false));
        started.Wait();
        return unit;
    }

    private static Task PagesMaxAsync(EmbeddedFile file, long pages) => file.SubmitAsync(new CommitUnit([],
        (c, _) => Schema.Run(c, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}")), 0, Background: false));

    private static Task<string> ReasonAsync(Task task) => ReasonAsync(() => task);

    private static async Task<string> ReasonAsync(Func<Task> run) => (await Assert.ThrowsAsync<LogUnavailableException>(run)).Reason;
}
