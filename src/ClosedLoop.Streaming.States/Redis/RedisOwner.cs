namespace ClosedLoop.Streaming.States;

/// <summary>One opening of a partition whose states lie in Redis. Guarded by the shelf's gate.</summary>
internal sealed class RedisOwner(int partition, long epoch, long commits, RedisKeys keys, Shelf shelf)
{
    public int Partition { get; } = partition;
    public long Epoch { get; } = epoch;
    public RedisKeys Keys { get; } = keys;
    public Shelf Shelf { get; } = shelf;

    /// <summary>Commits of all owners so far; each commit says which one it follows. Only the commit that has its turn changes it.</summary>
    public long Commits { get; set; } = commits;

    /// <summary>The newest commit with its clearing: the next one waits for it.</summary>
    public Task Last { get; set; } = Task.CompletedTask;

    /// <summary>
    /// Facts that stand in the log behind the last one that Redis knows of, by their content: Redis lost its last writes (a power loss with
    /// appendfsync everysec), and the steps that follow say them again. Only the commit that has its turn looks.
    /// </summary>
    public Dictionary<ulong, int> Said { get; set; } = [];

    public bool IsFenced { get; set; }

    /// <summary>Why a commit failed: the shelf is ahead of Redis from then on, and nothing more may be committed from it.</summary>
    public Exception? Broken { get; set; }
}

/// <summary>What one commit brings, copied: the caller uses its buffers again at once.</summary>
internal sealed record RedisWork(long Absorbed, byte[] Counters, byte[] States, List<Unpublished> Outs)
{
    public int StateCount => StateChunk.CountOf(States);

    public long Bytes => States.Length + Outs.Sum(o => (long)o.Bytes.Length);
}
