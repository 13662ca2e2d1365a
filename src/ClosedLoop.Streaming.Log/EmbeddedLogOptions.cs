namespace ClosedLoop.Streaming.Log;

/// <summary>What an acknowledged append has survived.</summary>
public enum Durability : byte
{
    /// <summary>A power loss: the write-ahead file is synced before anybody is answered.</summary>
    Disk = 0,
    /// <summary>A kill -9 of the process: the bytes are in the page cache of the kernel.</summary>
    PageCache = 1,
}

/// <summary>Settings of the embedded log. <see cref="Mistakes"/> says all that is wrong with them in one go.</summary>
public sealed class EmbeddedLogOptions
{
    /// <summary>The file; its folder is made when missing. The lock and the witness lie beside it.</summary>
    public string Path { get; set; } = System.IO.Path.Combine("data", "closedloop.db");

    public Durability Durability { get; set; } = Durability.Disk;

    /// <summary>Partitions of hits and of facts, 1–1,024. Fixed when the file is made.</summary>
    public int Partitions { get; set; } = 4;

    /// <summary>Largest single record in bytes; a body is at most 1 MiB, and a record holds one event of it.</summary>
    public int RecordBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>Bytes of appends that may wait for the committer; beyond it the doors say 503.</summary>
    public long QueueBytesMax { get; set; } = 64L * 1024 * 1024;

    /// <summary>Bytes of units (processor, bookkeeping) that may wait. Apart from the doors, so that a flood of hits never blocks the processor.</summary>
    public long UnitQueueBytesMax { get; set; } = 256L * 1024 * 1024;

    /// <summary>Bytes that one transaction takes of what the doors and the processor wait for; the next one waits for its turn.</summary>
    public int CommitBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bytes of background work that may ride along in a transaction that somebody waits for.</summary>
    public int BackgroundRideBytesMax { get; set; } = 64 * 1024;

    /// <summary>How long background work waits for a ride before it gets a transaction of its own.</summary>
    public TimeSpan BackgroundWaitMax { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Background work too large for a ride goes along anyway after this time, so that a busy door can't starve it for ever.</summary>
    public TimeSpan BackgroundStarveMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Newest bytes of each topic and partition kept in memory for readers.</summary>
    public int TailBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Bytes in the write-ahead file at which the committer itself copies them into the database. In the background that begins at an eighth
    /// of it, or when nothing is written for a second.
    /// </summary>
    public long WalBytesMax { get; set; } = 256L * 1024 * 1024;

    /// <summary>Bytes to which the write-ahead file is filled at the start: within them a sync waits for no new blocks.</summary>
    public long WalFillBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>The doors close (<c>disk_full</c>) while less than this is free on the disk, so that what is inside can still be finished. 0 switches it off.</summary>
    public long FreeBytesMin { get; set; } = 256L * 1024 * 1024;

    /// <summary>Age after which hits may go, if a base snapshot and all readers are past them. Null keeps them.</summary>
    public TimeSpan? HitsAgeMax { get; set; }

    /// <summary>Bytes of hits after which the oldest may go, under the same condition. Null: no bound.</summary>
    public long? HitsBytesMax { get; set; }

    /// <summary>Age after which facts may go, once all known readers are past them. Null keeps them.</summary>
    public TimeSpan? FactsAgeMax { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Bytes of facts after which the oldest may go, under the same condition. Null: no bound.</summary>
    public long? FactsBytesMax { get; set; }

    /// <summary>How often retention looks.</summary>
    public TimeSpan RetentionEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>All mistakes: what is wrong and what is allowed.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        void Range(string name, double value, double min, double max)
        {
            if (!(value >= min && value <= max)) mistakes.Add($"Log:{name} is {value:0.###}; allowed is {min:0.###} to {max:0.###}.");
        }
        if (string.IsNullOrWhiteSpace(Path)) mistakes.Add("Log:Path is empty; it names the database file.");
        if (!Enum.IsDefined(Durability)) mistakes.Add("Log:Durability is unknown; allowed are disk and pagecache.");
        Range(nameof(Partitions), Partitions, 1, LaneMap.PartitionsMax);
        Range(nameof(RecordBytesMax), RecordBytesMax, 1024, 64 << 20);
        Range(nameof(QueueBytesMax), QueueBytesMax, 64 << 10, 16L << 30);
        Range(nameof(UnitQueueBytesMax), UnitQueueBytesMax, 1 << 20, 16L << 30);
        Range(nameof(CommitBytesMax), CommitBytesMax, 64 << 10, 256 << 20);
        Range(nameof(BackgroundRideBytesMax), BackgroundRideBytesMax, 1024, 64 << 20);
        Range("BackgroundWaitMax (ms)", BackgroundWaitMax.TotalMilliseconds, 0, 10_000);
        Range("BackgroundStarveMax (ms)", BackgroundStarveMax.TotalMilliseconds, 1, 60_000);
        Range(nameof(TailBytesMax), TailBytesMax, 0, 1 << 30);
        Range(nameof(WalBytesMax), WalBytesMax, 1 << 20, 4L << 30);
        Range(nameof(WalFillBytes), WalFillBytes, 0, 4L << 30);
        Range(nameof(FreeBytesMin), FreeBytesMin, 0, long.MaxValue);
        Range("RetentionEvery (ms)", RetentionEvery.TotalMilliseconds, 10, 86_400_000);
        foreach (var (name, age) in new[] { (nameof(HitsAgeMax), HitsAgeMax), (nameof(FactsAgeMax), FactsAgeMax) })
            if (age <= TimeSpan.Zero) mistakes.Add($"Log:{name} is {age}; allowed is more than zero, or nothing.");
        return mistakes;
    }
}
