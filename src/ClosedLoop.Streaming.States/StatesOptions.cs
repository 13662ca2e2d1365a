namespace ClosedLoop.Streaming.States;

/// <summary>Settings of the states, with their defaults and rules.</summary>
public sealed class StatesOptions
{
    /// <summary>Memory for the states of one partition, bytes; 4 MiB to 32 GiB.</summary>
    public long ShelfBytesMax { get; set; } = Shelf.BytesMaxDefault;

    /// <summary>Chunks are rewritten when they are larger than this many times what is live in them, percent; 125 to 1,000.</summary>
    public int GarbagePercentMax { get; set; } = 200;

    /// <summary>Above this the processor waits for compaction as it waits for its own commits, percent; more than <see cref="GarbagePercentMax"/>.</summary>
    public int GarbageUrgentPercent { get; set; } = 300;

    /// <summary>Below so many bytes per partition nothing is compacted; 0 to 1 GiB.</summary>
    public long GarbageBytesMin { get; set; } = 1 << 20;

    /// <summary>
    /// Bytes that one step of compaction or of a snapshot writes; 4 KiB to 16 MiB. Below 64 KiB a step rides along with a commit of the doors.
    /// </summary>
    public int StepBytesMax { get; set; } = 60 * 1024;

    /// <summary>How often a base snapshot is written while a bound on the hits is set; 1 minute to 30 days.</summary>
    public TimeSpan SnapshotEvery { get; set; } = TimeSpan.FromHours(6);

    /// <summary>All mistakes: what is wrong and what is allowed.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        void Range(string name, long value, long min, long max)
        {
            if (value < min || value > max) mistakes.Add($"States:{name} is {value}; allowed is {min} to {max}.");
        }
        Range(nameof(ShelfBytesMax), ShelfBytesMax, 4 << 20, Shelf.BytesMaxDefault);
        Range(nameof(GarbagePercentMax), GarbagePercentMax, 125, 1_000);
        Range(nameof(GarbageUrgentPercent), GarbageUrgentPercent, GarbagePercentMax + 1, 10_000);
        Range(nameof(GarbageBytesMin), GarbageBytesMin, 0, 1 << 30);
        Range("SnapshotEvery (minutes)", (long)SnapshotEvery.TotalMinutes, 1, 30 * 24 * 60);
        Range(nameof(StepBytesMax), StepBytesMax, 4 << 10, StateChunk.BytesMax);
        return mistakes;
    }
}
