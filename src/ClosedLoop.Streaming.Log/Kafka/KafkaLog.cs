using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// The log on Kafka: one topic each for hits, facts and settings, partitions set by hand, acks of all copies. What was confirmed is on as many
/// brokers as the topic asks for; retention is the broker's and waits for no reader.
/// </summary>
public sealed class KafkaLog : ILog, ILogIdentity, IDisposable
{
    private static readonly TimeSpan _readAgain = TimeSpan.FromMilliseconds(100);

    private readonly KafkaClients _clients;
    private readonly LogTelemetry _telemetry = new();
    private readonly KafkaOffsets _offsets;
    private readonly KafkaAppends _appends;
    private readonly KafkaPositions _positions;
    private readonly KafkaFeeds _feeds;
    private readonly TopicPartition[] _places;
    private readonly ILogger _logger;
    private int _disposed;

    /// <summary>Reaches the broker and checks the topics.</summary>
    /// <exception cref="InvalidOperationException">All that is wrong: address, password, partition count; the message says what to do.</exception>
    public KafkaLog(KafkaLogOptions options, ILogger<KafkaLog> logger)
    {
        if (options.Mistakes() is { Count: > 0 } wrong) throw new InvalidOperationException(string.Join(Environment.NewLine, wrong));
        if (KafkaOpening.Open(options, out _clients, out var identity) is { Count: > 0 } mistakes) throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
        (_logger, Identity) = (logger, identity);
        _offsets = new KafkaOffsets(_clients);
        _appends = new KafkaAppends(_clients, _telemetry, logger, (lane, offset) => _offsets.Seen(lane, offset + 1));
        _positions = new KafkaPositions(_clients);
        _feeds = new KafkaFeeds(_clients, logger);
        _places = [.. Enumerable.Range(0, LaneMap.Count(options.Partitions)).Select(Place)];
        _telemetry.Observe(() => _appends.WaitingBytes);
        KafkaMessages.Opened(logger, options.Brokers, options.Prefix, options.Partitions, identity);
    }

    public string Identity { get; }

    // The library gives a record up after its timeout; what is on the wire by then arrives within moments.
    public TimeSpan AppendMax => _clients.Options.AppendTimeout + TimeSpan.FromSeconds(2);

    public int Partitions => _clients.Options.Partitions;

    /// <summary>False while the broker does not answer, as far as <see cref="LookAfter"/> has seen.</summary>
    public bool IsAccepting { get; private set; } = true;

    internal KafkaClients Clients => _clients;

    public Task AppendAsync(Topic topic, int partition, ReadOnlySpan<byte> record)
    {
        var lane = LaneMap.Index(topic, partition, Partitions);
        return _appends.Append(lane, _places[lane], record);
    }

    public async ValueTask<LogSlice> ReadAsync(Topic topic, int partition, long from, int bytesMax, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesMax);
        var lane = LaneMap.Index(topic, partition, Partitions);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                var slice = await _feeds.Read(_places[lane], from, bytesMax, cancel).ConfigureAwait(false);
                // Whoever has read so far must never be told of an earlier end, also when the broker can't be asked now.
                _offsets.Seen(lane, slice.Next);
                return slice;
            }
            catch (LogUnavailableException e) when (e.Reason is Refusals.ReadFailedReason or KafkaRefusals.UnreachableReason)
            {
                // A reader waits for a broker as it waits for the next record; what it can't get over is only an offset that isn't there.
                await Task.Delay(_readAgain, cancel).ConfigureAwait(false);
            }
        }
    }

    public long StartOffset(Topic topic, int partition) => _offsets.Start(topic, partition);

    public long EndOffset(Topic topic, int partition) => _offsets.End(topic, partition);

    public ValueTask<long> PositionAsync(string reader, Topic topic, int partition, CancellationToken cancel) =>
        _positions.GetAsync(Named(reader), _places[LaneMap.Index(topic, partition, Partitions)], cancel);

    public Task CommitPositionAsync(string reader, Topic topic, int partition, long next)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(next);
        return _positions.Commit(Named(reader), _places[LaneMap.Index(topic, partition, Partitions)], next);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _appends.Dispose();
        _feeds.Dispose();
        _positions.Dispose();
        _offsets.Dispose();
        _telemetry.Dispose();
    }

    /// <summary>Looks whether the broker answers, and says so when that changes.</summary>
    internal void LookAfter()
    {
        var trouble = _offsets.Trouble();
        var was = IsAccepting;
        IsAccepting = trouble is null;
        if (was && trouble is not null) KafkaMessages.Away(_logger, trouble);
        else if (!was && trouble is null) KafkaMessages.Back(_logger);
    }

    internal void RefreshPositions() => _positions.Refresh();

    private TopicPartition Place(int lane) => lane == 2 * Partitions
        ? new TopicPartition(_clients.TopicName(Topic.Settings), 0)
        : new TopicPartition(_clients.TopicName((Topic)(lane / Partitions)), lane % Partitions);

    private static string Named(string reader) => reader is { Length: > 0 and <= Positions.ReaderCharsMax }
        ? reader
        : throw new ArgumentException($"A reader's name has 1 to {Positions.ReaderCharsMax} characters.", nameof(reader));
}
