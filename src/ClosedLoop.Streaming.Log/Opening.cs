using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Log;

/// <summary>What is done once when the file opens: where each lane stands, whether its end is whole, and whether the witness remembers more.</summary>
internal static class Opening
{
    private const int VerifiedChunksMax = 64;

    public static void Lanes(SqliteConnection connection, Lane[] lanes, long[]? witnessed, Damages damages)
    {
        using var last = new Statement(connection, """
            SELECT key, count, time_ms, total, sum, chain, bytes FROM log_chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT ?3
            """);
        using var starts = new Statement(connection, "SELECT start, chain, total FROM log_starts WHERE lane = ?1");
        foreach (var lane in lanes)
        {
            var start = Start(starts, lane);
            var head = Tail(last, lane, start, damages);
            var known = witnessed?[lane.Index] ?? 0;
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
        var start = starts.Step() ? new LaneHead(starts.Long(0), starts.Long(1), starts.Long(2)) : default;
        starts.Reset();
        return start;
    }

    private static LaneHead Tail(Statement last, Lane lane, LaneHead start, Damages damages)
    {
        last.Bind(1, LaneMap.Key(lane.Topic, lane.Partition, start.Next)).Bind(2, LaneMap.LastKey(lane.Topic, lane.Partition)).Bind(3, VerifiedChunksMax);
        LaneHead? head = null;
        Chunk? later = null;
        while (last.Step())
        {
            var chunk = ReaderPool.Reader.Row(last, lane.Topic, lane.Partition);
            var whole = chunk.IsWhole;
            var next = later?.First ?? (whole ? chunk.Next : chunk.First + Math.Max(1, Frames.Count(chunk.Bytes.Span)));
            if (!whole) damages.Note(new LogDamage(lane.Topic, lane.Partition, chunk.First, next, "checksum"));
            else if (chunk.Next < next) damages.Note(new LogDamage(lane.Topic, lane.Partition, chunk.Next, next, "missing"));
            else if (later is { } after && !after.Follows(chunk.Chain)) damages.Note(new LogDamage(lane.Topic, lane.Partition, after.First, after.First, "chain"));
            head ??= chunk.Head with { Next = next };
            later = chunk;
        }
        last.Reset();
        return head ?? start;
    }
}
