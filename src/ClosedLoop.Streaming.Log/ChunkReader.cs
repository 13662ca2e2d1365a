using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Reads older slices from the file. Every chunk is checked against its sum; one that is damaged or missing is skipped, announced with
/// topic, partition and offsets, and the slice starts at the next record that is whole.
/// </summary>
internal sealed class ChunkReader(ReaderPool pool, Damages damages)
{
    /// <summary>A slice of at least one record, or null when nothing readable is left between <paramref name="from"/> and <paramref name="end"/>.</summary>
    public LogSlice? Read(Lane lane, long from, long end, int bytesMax)
    {
        var reader = pool.Rent();
        try
        {
            var slice = new SliceBuilder(lane, Math.Max(from, lane.Start), bytesMax, damages);
            while (!slice.IsComplete && slice.Position < end)
            {
                try
                {
                    Scan(reader, slice, end);
                    slice.ReachedEnd(end);
                }
                catch (SqliteException e) when (IsCorrupt(e))
                {
                    if (!slice.IsEmpty) break;
                    slice.SkipTo(NextReadable(reader, lane, slice.Position, end), "unreadable");
                }
            }
            pool.Return(reader);
            return slice.IsEmpty ? null : slice.Build();
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private static void Scan(ReaderPool.Reader reader, SliceBuilder slice, long end)
    {
        var lane = slice.Lane;
        var start = slice.Position;
        // The chunk that holds the offset begins at or before it.
        var before = reader.Before(lane).Bind(1, start);
        if (before.Step()) start = before.Long(0);
        before.Reset();
        var range = reader.Range(lane).Bind(1, start);
        try
        {
            while (!slice.IsComplete && range.Step())
            {
                var chunk = ReaderPool.Reader.Row(range, lane.Topic, lane.Partition);
                if (chunk.First >= end && chunk.IsWhole) return;
                slice.Add(chunk);
            }
        }
        finally
        {
            range.Reset();
        }
    }

    /// <summary>The lowest offset behind a place that SQLite can't get over, found by doubling steps and halving back.</summary>
    private static long NextReadable(ReaderPool.Reader reader, Lane lane, long from, long end)
    {
        long low = from, high = from + 1;
        while (high < end && !CanRead(reader, lane, high, end))
        {
            low = high;
            high = Math.Min(end, from + 2 * (high - from));
        }
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (CanRead(reader, lane, middle, end)) high = middle;
            else low = middle;
        }
        return high;
    }

    private static bool CanRead(ReaderPool.Reader reader, Lane lane, long from, long end)
    {
        var range = reader.Range(lane).Bind(1, from);
        try
        {
            if (!range.Step()) return false;
            var chunk = ReaderPool.Reader.Row(range, lane.Topic, lane.Partition);
            return chunk.First < end && chunk.IsWhole;
        }
        catch (SqliteException e) when (IsCorrupt(e))
        {
            return false;
        }
        finally
        {
            range.Reset();
        }
    }

    private static bool IsCorrupt(SqliteException e) => e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
