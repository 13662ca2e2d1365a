using Confluent.Kafka;
using System.Diagnostics;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// First and last offsets. One question tells those of a whole topic and holds for a moment, so that a glance at every partition costs one
/// round trip; what this process appended or read itself is known without asking. A broker that is away is not asked again at once.
/// </summary>
internal sealed class KafkaOffsets : IDisposable
{
    private static readonly TimeSpan _endHolds = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _startHolds = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    // Whoever has an older answer need not wait long for a newer one.
    private static readonly TimeSpan _askAgainMax = TimeSpan.FromSeconds(2);
    private static readonly Timestamp _end = new(-1, TimestampType.CreateTime), _start = new(-2, TimestampType.CreateTime);

    private readonly KafkaClients _clients;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly long[] _seen;
    private readonly Known[] _known;

    private sealed class Known
    {
        public Lock Asking { get; } = new();
        public long[]? Offsets { get; set; }
        public long At { get; set; }
        public KafkaException? Failure { get; set; }
        public long FailedAt { get; set; }
    }

    public KafkaOffsets(KafkaClients clients)
    {
        _clients = clients;
        _consumer = new ConsumerBuilder<Ignore, Ignore>(clients.Reading("offsets")).SetErrorHandler(KafkaClients.Ignore).SetLogHandler(KafkaClients.Ignore).Build();
        _seen = new long[LaneMap.Count(clients.Options.Partitions)];
        _known = [.. Enumerable.Range(0, 6).Select(_ => new Known())];
    }

    /// <summary>A record before <paramref name="end"/> was confirmed or read by this process.</summary>
    public void Seen(int lane, long end)
    {
        ref var known = ref _seen[lane];
        for (var before = Volatile.Read(ref known); before < end; before = Volatile.Read(ref known))
            if (Interlocked.CompareExchange(ref known, end, before) == before) return;
    }

    /// <exception cref="LogUnavailableException">The broker has not answered once.</exception>
    public long End(Topic topic, int partition) =>
        Math.Max(Volatile.Read(ref _seen[LaneMap.Index(topic, partition, _clients.Options.Partitions)]), Ask(topic, partition, _end, _endHolds));

    /// <exception cref="LogUnavailableException">The broker has not answered once.</exception>
    public long Start(Topic topic, int partition) => Ask(topic, partition, _start, _startHolds);

    /// <summary>Null when the broker answers, else why it doesn't.</summary>
    public string? Trouble()
    {
        var known = Of(Topic.Hits, _end);
        lock (known.Asking)
        {
            Refresh(known, Topic.Hits, _end);
            return known.Failure?.Error.Reason;
        }
    }

    public void Dispose() => _consumer.Dispose();

    private Known Of(Topic topic, Timestamp which) => _known[((int)topic * 2) + (which.UnixTimestampMs == _end.UnixTimestampMs ? 0 : 1)];

    private long Ask(Topic topic, int partition, Timestamp which, TimeSpan holds)
    {
        LaneMap.Index(topic, partition, _clients.Options.Partitions);
        var known = Of(topic, which);
        lock (known.Asking)
        {
            var isFresh = known.Offsets is not null && Stopwatch.GetElapsedTime(known.At) < holds;
            var isAway = known.Failure is not null && Stopwatch.GetElapsedTime(known.FailedAt) < _pause;
            if (!isFresh && !isAway) Refresh(known, topic, which);
            return known.Offsets is { } offsets ? offsets[partition] : throw KafkaRefusals.Away("offsets", known.Failure!);
        }
    }

    private void Refresh(Known known, Topic topic, Timestamp which)
    {
        var name = _clients.TopicName(topic);
        var partitions = topic == Topic.Settings ? 1 : _clients.Options.Partitions;
        try
        {
            var answers = _consumer.OffsetsForTimes(
                Enumerable.Range(0, partitions).Select(p => new TopicPartitionTimestamp(name, p, which)),
                known.Offsets is null ? _clients.Options.ConnectTimeout : _askAgainMax);
            var offsets = new long[partitions];
            foreach (var answer in answers) offsets[answer.Partition.Value] = Math.Max(0, answer.Offset.Value);
            (known.Offsets, known.At, known.Failure) = (offsets, Stopwatch.GetTimestamp(), null);
        }
        catch (KafkaException e)
        {
            (known.Failure, known.FailedAt) = (e, Stopwatch.GetTimestamp());
        }
    }
}
