namespace ClosedLoop.Streaming.States;

/// <summary>
/// Whole copies of a partition's states with the position that they stand for: where a replay starts when retention has deleted the
/// hits before. The newest one is kept; a new one replaces it at once or not at all.
/// </summary>
public interface IBaseSnapshots
{
    /// <summary>
    /// Copies the durable states of a partition and makes the copy its base. Works beside the owner, who is not paused; only compaction of this
    /// partition waits. Throws <see cref="StateChunkCorruptException"/> when the states are damaged; then the old base stays.
    /// </summary>
    Task<StateSnapshot> WriteAsync(int partition, CancellationToken cancel);

    /// <summary>The base; null when there is none.</summary>
    ValueTask<StateSnapshot?> FindAsync(int partition, CancellationToken cancel);

    /// <summary>
    /// For a replay: takes the partition from its owner, drops the live states and their position, and puts the base in their place (nothing, and
    /// offset 0, when there is none). The next OpenAsync loads it and goes on from its offset. A crash before the end leaves all as it was.
    /// </summary>
    Task ResetAsync(int partition, CancellationToken cancel);
}

/// <param name="Partition">Partition of hits.</param>
/// <param name="Absorbed">Hits before this offset are contained; retention may delete those, and no others.</param>
/// <param name="Chunks">Number of chunks.</param>
public sealed record StateSnapshot(int Partition, long Absorbed, long Chunks);
