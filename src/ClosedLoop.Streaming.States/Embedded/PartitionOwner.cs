namespace ClosedLoop.Streaming.States;

/// <summary>One opening of a partition: its shelf, its rows and how far they are durable. Guarded by the shelf's gate.</summary>
internal sealed class PartitionOwner(int partition, long epoch, Shelf shelf, LoadedStates loaded)
{
    public int Partition { get; } = partition;
    public long Epoch { get; } = epoch;
    public Shelf Shelf { get; } = shelf;
    public int Generation { get; } = loaded.Position.Generation;
    public ChunkList Chunks { get; } = loaded.Chunks;

    /// <summary>Commits of this partition so far, submitted ones included.</summary>
    public long Commits { get; set; } = loaded.Position.Commits;

    /// <summary>Offset after the last hit whose effects are durable.</summary>
    public long Absorbed { get; set; } = loaded.Position.Absorbed;

    /// <summary>Up to here every row that was submitted is durable.</summary>
    public long DurableSequence { get; set; } = shelf.OpenChunk - 1;

    /// <summary>Completes with the newest commit; background work follows it.</summary>
    public Task LastCommit { get; set; } = Task.CompletedTask;

    /// <summary>A newer owner was let in.</summary>
    public bool IsFenced { get; set; }

    /// <summary>Why a commit failed: the shelf is ahead of the file from then on, and nothing more may be committed from it.</summary>
    public Exception? Broken { get; set; }

    /// <summary>A step of compaction failed: the accounts of live bytes no longer fit the file, so there are no further steps.</summary>
    public bool CompactionFailed { get; set; }

    public bool IsCompacting { get; set; }

    /// <summary>Completes when the steps that were due are done.</summary>
    public Task Compaction { get; set; } = Task.CompletedTask;

    public bool IsStopped => IsFenced || Broken is not null;

    public bool NeedsCompaction(StatesOptions options) => !IsStopped && !CompactionFailed && Percent(options.GarbageBytesMin) > options.GarbagePercentMax;

    public bool IsUrgent(StatesOptions options) => Percent(options.GarbageBytesMin) > options.GarbageUrgentPercent;

    private long Percent(long slack) => (Chunks.Bytes - slack) * 100 / Math.Max(1, Shelf.LiveBytesTotal);
}
