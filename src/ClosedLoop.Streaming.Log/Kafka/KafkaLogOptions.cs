using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Log;

/// <summary>Settings of the log on Kafka (section <c>Kafka</c>). <see cref="Mistakes"/> says all that is wrong with them in one go.</summary>
public sealed partial class KafkaLogOptions
{
    private static readonly string[] _compressions = ["none", "lz4", "zstd", "snappy", "gzip"];

    /// <summary>host:port, comma-separated: <c>CLOSEDLOOP_KAFKA</c>.</summary>
    public string Brokers { get; set; } = "";

    /// <summary>Topics are PREFIX.hits, .facts, .settings and .log; groups begin with it too. 1–100 characters of a-z A-Z 0-9 . _ -.</summary>
    public string Prefix { get; set; } = "closedloop";

    /// <summary>Partitions of hits and of facts, 1–1,024. Fixed when the topics are made; a start with another number is refused.</summary>
    public int Partitions { get; set; } = 64;

    /// <summary>Make missing topics. Without it the start is refused until somebody makes them.</summary>
    public bool CreateTopics { get; set; } = true;

    /// <summary>Copies of each new topic, 1–15; 0: as the broker says.</summary>
    public int Replication { get; set; }

    /// <summary>Copies that must have a record before it is confirmed (min.insync.replicas of new topics), 1–15; 0: as the broker says.</summary>
    public int InSyncMin { get; set; }

    /// <summary>Age after which the broker deletes hits, set on new topics. Null keeps them: a replay needs them from the beginning.</summary>
    public TimeSpan? HitsAgeMax { get; set; }

    /// <summary>Age after which the broker deletes facts, set on new topics, whoever has read them. Null keeps them.</summary>
    public TimeSpan? FactsAgeMax { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Largest single record in bytes; new topics allow it.</summary>
    public int RecordBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>Bytes of appends that may wait for the broker; beyond it the doors say 503.</summary>
    public long QueueBytesMax { get; set; } = 64L * 1024 * 1024;

    /// <summary>How long an append may wait for its confirmation, 1–120 s; then the door says 503, and the record may still have been stored.</summary>
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a batch waits for more, 0–1,000 ms.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Bytes of one batch to one partition.</summary>
    public int BatchBytesMax { get; set; } = 1024 * 1024;

    /// <summary>none, lz4, zstd, snappy, gzip.</summary>
    public string Compression { get; set; } = "lz4";

    /// <summary>Bytes read ahead for one reader of one partition.</summary>
    public int ReadAheadBytesMax { get; set; } = 1024 * 1024;

    /// <summary>Consumers that readers share; as many readers as that may stand at different places of one partition at a time. 2–16.</summary>
    public int FeedsMax { get; set; } = 6;

    /// <summary>How long the start waits for the broker, and every question to it, 1–120 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After so long without a sign of life a processor's partitions go to others, 6–300 s; never below <see cref="AppendTimeout"/>, so that what it still had to say has been said or dropped by then.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(15);

    public KafkaSecurity Security { get; set; } = new();

    /// <summary>All mistakes: what is wrong and what is allowed.</summary>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        void Range(string name, double value, double min, double max)
        {
            if (!(value >= min && value <= max)) mistakes.Add($"Kafka:{name} is {value:0.###}; allowed is {min:0.###} to {max:0.###}.");
        }
        foreach (var broker in Brokers.Split(',').Select(b => b.Trim()))
            if (!Address().IsMatch(broker)) mistakes.Add($"CLOSEDLOOP_KAFKA names '{broker}'; allowed is host:port, several with commas between them.");
        if (!Name().IsMatch(Prefix)) mistakes.Add($"Kafka:Prefix is '{Prefix}'; allowed are 1 to 100 characters of a-z A-Z 0-9 . _ -.");
        Range(nameof(Partitions), Partitions, 1, LaneMap.PartitionsMax);
        Range(nameof(Replication), Replication, 0, 15);
        Range(nameof(InSyncMin), InSyncMin, 0, Replication == 0 ? 15 : Replication);
        Range(nameof(RecordBytesMax), RecordBytesMax, 1024, 64 << 20);
        Range(nameof(QueueBytesMax), QueueBytesMax, 64 << 10, 2_000_000_000);
        Range(nameof(BatchBytesMax), BatchBytesMax, 1024, 64 << 20);
        Range(nameof(ReadAheadBytesMax), ReadAheadBytesMax, 16 << 10, 256 << 20);
        Range(nameof(FeedsMax), FeedsMax, 2, 16);
        Range("AppendTimeout (s)", AppendTimeout.TotalSeconds, 1, 120);
        Range("Linger (ms)", Linger.TotalMilliseconds, 0, 1000);
        Range("ConnectTimeout (s)", ConnectTimeout.TotalSeconds, 1, 120);
        Range("SessionTimeout (s)", SessionTimeout.TotalSeconds, Math.Max(6, AppendTimeout.TotalSeconds), 300);
        if (!_compressions.Contains(Compression)) mistakes.Add($"Kafka:Compression is '{Compression}'; allowed are {string.Join(", ", _compressions)}.");
        foreach (var (name, age) in new[] { (nameof(HitsAgeMax), HitsAgeMax), (nameof(FactsAgeMax), FactsAgeMax) })
            if (age <= TimeSpan.Zero) mistakes.Add($"Kafka:{name} is {age}; allowed is more than zero, or nothing.");
        mistakes.AddRange(Security.Mistakes());
        return mistakes;
    }

    [GeneratedRegex(@"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$")]
    private static partial Regex Address();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}$")]
    private static partial Regex Name();
}
