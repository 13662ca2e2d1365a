namespace ClosedLoop.Streaming.Log;

/// <summary>Records that can't be read any more. Their offsets are skipped and stay counted; everything around them is readable.</summary>
/// <param name="First">First lost offset.</param>
/// <param name="Next">Offset after the last lost one.</param>
/// <param name="What">checksum: the bytes changed; missing: the chunk is gone; unreadable: SQLite can't reach it; forgotten: it was acknowledged and the file doesn't know it any more;
/// chain: a chunk does not continue the one before it, though each is whole (no record is skipped, so Next is First).</param>
public sealed record LogDamage(Topic Topic, int Partition, long First, long Next, string What)
{
    public long Count => Next - First;
}
