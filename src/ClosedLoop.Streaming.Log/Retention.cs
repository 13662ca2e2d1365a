using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Deletes the oldest chunks by age and size in small background steps. Freed pages are used again by what comes, so the file stops
/// growing. Never passes the lowest position of a known reader; hits go only where a base snapshot covers them, settings never.
/// </summary>
internal sealed class Retention(EmbeddedLogOptions options, TimeProvider clock, Lane[] lanes, Positions positions, ReaderPool pool,
    Func<CommitUnit, Action?, Task> submit, LogTelemetry telemetry)
{
    private const int StepBytesMax = 1024 * 1024;
    private const int StepChunksMax = 256;

    private readonly SemaphoreSlim _one = new(1, 1);

    public IRetentionGate? Gate { get; set; }

    public async Task RunAsync()
    {
        foreach (var lane in lanes)
        {
            var (age, bytes) = lane.Topic switch
            {
                Topic.Hits => (options.HitsAgeMax, options.HitsBytesMax),
                Topic.Facts => (options.FactsAgeMax, options.FactsBytesMax),
                _ => (null, null),
            };
            if (age is null && bytes is null) continue;
            var floor = Floor(lane);
            if (lane.Topic == Topic.Hits) floor = Math.Min(floor, Gate?.SnapshotOffset(lane.Partition) ?? 0);
            if (floor <= lane.Start) continue;
            var oldest = age is { } a ? (clock.GetUtcNow() - a).ToUnixTimeMilliseconds() : long.MinValue;
            var least = bytes is { } b ? lane.Total - b / options.Partitions : long.MinValue;
            await DeleteAsync(lane, chunk => chunk.Next <= floor && (chunk.TimeMs < oldest || chunk.Total < least)).ConfigureAwait(false);
        }
    }

    public async Task<long> TrimAsync(int laneIndex, long before)
    {
        var lane = lanes[laneIndex];
        var floor = Math.Min(before, positions.Lowest(laneIndex) ?? before);
        await DeleteAsync(lane, chunk => chunk.Next <= floor).ConfigureAwait(false);
        return lane.Start;
    }

    // Without a known reader nobody has been past anything.
    private long Floor(Lane lane) => positions.Lowest(lane.Index) ?? (lane.Topic == Topic.Hits ? long.MaxValue : 0);

    private async Task DeleteAsync(Lane lane, Func<Chunk, bool> expired)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            while (Step(lane, expired) is { } step)
            {
                var from = lane.Start;
                await submit(Unit(lane, step.Last, step.Bytes), null).ConfigureAwait(false);
                telemetry.Expired(lane.Topic, step.Last.Next - from);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private static CommitUnit Unit(Lane lane, LaneHead last, int bytes) => new([], (connection, _) =>
    {
        // Before the rows go, so that a reader that misses them knows why.
        lane.TrimTo(last.Next);
        using var delete = new Statement(connection, $"DELETE FROM {lane.Table} WHERE first < ?1");
        delete.Bind(1, last.Next).Run();
        using var start = new Statement(connection, "INSERT OR REPLACE INTO log_starts VALUES(?1, ?2, ?3, ?4, ?5)");
        start.Bind(1, lane.Index).Bind(2, last.Next).Bind(3, last.Chain).Bind(4, last.Total)
            .Bind(5, RowSum.Of(lane.Table, last.Next, last.Chain, last.Total)).Run();
    }, bytes, Background: true);

    private (LaneHead Last, int Bytes)? Step(Lane lane, Func<Chunk, bool> expired)
    {
        var reader = pool.Rent();
        try
        {
            LaneHead? last = null;
            long bytes = 0;
            var range = reader.Range(lane).Bind(1, lane.Start);
            for (var i = 0; i < StepChunksMax && bytes < StepBytesMax && range.Step(); i++)
            {
                var chunk = ReaderPool.Reader.Row(range, lane.Topic, lane.Partition);
                // What is damaged goes together with the next whole one; its own numbers can't be trusted.
                if (!chunk.IsWhole) continue;
                if (!expired(chunk)) break;
                last = chunk.Head;
                bytes += chunk.Bytes.Length;
            }
            range.Reset();
            pool.Return(reader);
            return last is null ? null : (last.Value, (int)bytes);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }
}
