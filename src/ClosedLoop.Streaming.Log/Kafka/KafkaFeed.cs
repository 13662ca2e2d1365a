using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// One consumer with a thread of its own, reading for at most one reader per partition. A lane that has read far enough ahead is paused until
/// its reader comes; one that nobody asks any more is let go.
/// </summary>
internal sealed class KafkaFeed : IDisposable
{
    private const int DrainMax = 2000;
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _idleMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(5);

    private readonly KafkaClients _clients;
    private readonly ILogger _logger;
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly Dictionary<TopicPartition, FeedLane> _lanes = [];
    private readonly HashSet<FeedLane> _touched = [];
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public KafkaFeed(KafkaClients clients, ILogger logger)
    {
        (_clients, _logger) = (clients, logger);
        _consumer = new ConsumerBuilder<Ignore, byte[]>(clients.Reading("readers")).SetErrorHandler(KafkaClients.Ignore).SetLogHandler(KafkaClients.Ignore).Build();
        _thread = new Thread(Run) { Name = "log feed", IsBackground = true };
        _thread.Start();
    }

    /// <summary>A lane that begins at an offset, in place of the one that this feed had in that partition.</summary>
    public FeedLane Open(TopicPartition at, long from)
    {
        var lane = new FeedLane(at, from);
        _commands.Enqueue(() => Begin(lane, from));
        return lane;
    }

    /// <summary>A reader took something: there may be room again.</summary>
    public void Took(FeedLane lane)
    {
        if (lane.IsPaused && lane.AheadBytes < _clients.Options.ReadAheadBytesMax / 2) _commands.Enqueue(() => Resume(lane));
    }

    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        foreach (var lane in _lanes.Values) lane.Fail(Refusals.Stopping);
        _consumer.Dispose();
    }

    private void Run()
    {
        var sinceLook = System.Diagnostics.Stopwatch.StartNew();
        while (!_isStopping)
        {
            while (_commands.TryDequeue(out var command)) command();
            Drain();
            if (sinceLook.Elapsed < _lookEvery) continue;
            sinceLook.Restart();
            foreach (var idle in _lanes.Values.Where(l => l.Idle > _idleMax).ToList()) End(idle);
        }
    }

    // All that is there is taken before anybody is woken, so that a reader gets many records at once.
    private void Drain()
    {
        var wait = _poll;
        for (var taken = 0; taken < DrainMax; taken++)
        {
            try
            {
                if (_consumer.Consume(wait) is not { } result) break;
                Take(result);
            }
            catch (ConsumeException e) { Trouble(e); }
            catch (KafkaException e) { KafkaMessages.ReadFailed(_logger, "", -1, -1, e.Error.Reason); }
            wait = TimeSpan.Zero;
        }
        foreach (var lane in _touched) lane.Deliver();
        _touched.Clear();
    }

    private void Take(ConsumeResult<Ignore, byte[]> result)
    {
        if (result.IsPartitionEOF || !_lanes.TryGetValue(result.TopicPartition, out var lane)) return;
        var offset = result.Offset.Value;
        // Pausing and beginning anew may bring a record again that is here already.
        if (offset < lane.Expected) return;
        lane.Expected = offset + 1;
        lane.Add(offset, result.Message.Value ?? []);
        _touched.Add(lane);
        if (lane.IsPaused || lane.AheadBytes < _clients.Options.ReadAheadBytesMax) return;
        lane.IsPaused = true;
        _consumer.Pause([lane.At]);
    }

    private void Begin(FeedLane lane, long from)
    {
        if (_lanes.TryGetValue(lane.At, out var before)) End(before);
        _lanes[lane.At] = lane;
        _consumer.IncrementalAssign([new TopicPartitionOffset(lane.At, from)]);
    }

    private void End(FeedLane lane)
    {
        lane.Fail(new LogUnavailableException(Refusals.ReadFailedReason, "The reader's place was given to another; it begins again."));
        _lanes.Remove(lane.At);
        _consumer.IncrementalUnassign([lane.At]);
    }

    private void Resume(FeedLane lane)
    {
        if (!lane.IsPaused || !_lanes.TryGetValue(lane.At, out var mine) || mine != lane) return;
        lane.IsPaused = false;
        _consumer.Resume([lane.At]);
    }

    // The place that was asked for is not there: either retention took it, or the log never got that far.
    private void Trouble(ConsumeException e)
    {
        var at = e.ConsumerRecord?.TopicPartition;
        if (at is null || !_lanes.TryGetValue(at, out var lane)) return;
        KafkaMessages.ReadFailed(_logger, at.Topic, at.Partition.Value, lane.Expected, e.Error.Reason);
        if (e.Error.Code is not (ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)) return;
        try
        {
            var ends = _consumer.QueryWatermarkOffsets(at, _clients.Options.ConnectTimeout);
            _consumer.IncrementalUnassign([at]);
            if (lane.Expected > ends.High.Value)
            {
                _lanes.Remove(at);
                lane.Fail(KafkaRefusals.BeyondEnd(at.Topic, at.Partition.Value, lane.Expected));
                return;
            }
            lane.Expected = Math.Max(lane.Expected, ends.Low.Value);
            _consumer.IncrementalAssign([new TopicPartitionOffset(at, lane.Expected)]);
        }
        catch (KafkaException again)
        {
            _lanes.Remove(at);
            lane.Fail(KafkaRefusals.Away("offsets", again));
        }
    }
}
