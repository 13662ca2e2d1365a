using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClosedLoop.Streaming.Log;

/// <summary>What is done once when the file opens: where each lane stands, whether its end is whole, and whether the witness remembers more.</summary>
internal static class Opening
{
    private const int VerifiedChunksMax = 64;

    public static void Lanes(SqliteConnection connection, Lane[] lanes, long[]? witnessed, Damages damages)
    {
        using var starts = new Statement(connection, "SELECT start, chain, total, sum FROM log_starts WHERE lane = ?1");
        foreach (var lane in lanes)
        {
            var start = Start(starts, lane);
            var known = witnessed?[lane.Index] ?? 0;
            var head = TailOrWitness(connection, lane, start, known, damages);
            if (known > head.Next)
            {
                // New records must not take offsets that readers outside the file may already have absorbed.
                damages.Note(new LogDamage(lane.Topic, lane.Partition, head.Next, known, "forgotten"));
                head = head with { Next = known };
            }
            lane.Open(start.Next, head);
        }
    }

    private static LaneHead Start(Statement starts, Lane lane)
    {
        starts.Bind(1, lane.Index);
        if (!starts.Step()) return default;
        var start = new LaneHead(starts.Long(0), starts.Long(1), starts.Long(2));
        var sum = starts.Long(3);
        starts.Reset();
        if (sum != RowSum.Of(lane.Table, start.Next, start.Chain, start.Total)) throw new InvalidDataException("a row of log_starts was changed");
        return start;
    }

    // A lane whose newest chunks can't be reached still has an end, if somebody remembers it; readers name what they miss.
    private static LaneHead TailOrWitness(SqliteConnection connection, Lane lane, LaneHead start, long known, Damages damages)
    {
        try
        {
            return Tail(connection, lane, start, known, damages);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CORRUPT && known > start.Next)
        {
            return start with { Next = known };
        }
    }

    private static LaneHead Tail(SqliteConnection connection, Lane lane, LaneHead start, long known, Damages damages)
    {
        LaneHead? last = null;
        var suspect = new List<Chunk>();
        foreach (var chunk in Newest(connection, lane))
        {
            // The numbers of a damaged row mean nothing, its key included; the whole ones around it say what is lost.
            if (!chunk.IsWhole)
            {
                suspect.Add(chunk);
                continue;
            }
            if (last is { } before)
            {
                if (chunk.First > before.Next)
                    damages.Note(new LogDamage(lane.Topic, lane.Partition, before.Next, chunk.First, suspect.Count > 0 ? "checksum" : "missing"));
                else if (!chunk.Follows(before.Chain))
                    damages.Note(new LogDamage(lane.Topic, lane.Partition, chunk.First, chunk.First, "chain"));
            }
            last = chunk.Head;
            suspect.Clear();
        }
        var head = last ?? start;
        return suspect.Count == 0 ? head : BehindSuspects(connection, lane, head, known, suspect, damages);
    }

    private static List<Chunk> Newest(SqliteConnection connection, Lane lane)
    {
        using var newest = new Statement(connection, $"SELECT {ReaderPool.Reader.Columns} FROM {lane.Table} ORDER BY first DESC LIMIT ?1");
        newest.Bind(1, VerifiedChunksMax);
        var chunks = new List<Chunk>();
        while (newest.Step()) chunks.Add(ReaderPool.Reader.Row(newest, lane.Topic, lane.Partition));
        chunks.Reverse();
        return chunks;
    }

    /// <summary>The very newest chunks are damaged: the witness knows where the lane ended, or their own framing has to tell.</summary>
    private static LaneHead BehindSuspects(
        SqliteConnection connection, Lane lane, LaneHead head, long known, List<Chunk> suspects, Damages damages)
    {
        var end = known > 0 ? Math.Max(known, head.Next) : suspects.Max(c => c.First + Math.Max(1, Frames.Count(c.Bytes.Span)));
        if (end > head.Next) damages.Note(new LogDamage(lane.Topic, lane.Partition, head.Next, end, "checksum"));
        // A key that a flip has carried beyond the end would stand in the way of new records.
        using var clear = new Statement(connection, $"DELETE FROM {lane.Table} WHERE first >= ?1");
        clear.Bind(1, end).Run();
        return head with { Next = Math.Max(end, head.Next) };
    }
}
