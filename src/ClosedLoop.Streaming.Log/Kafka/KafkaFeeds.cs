using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// All readers of this process. Whoever goes on where he stopped finds his lane; whoever begins elsewhere gets one of a feed that has nobody
/// in that partition, and when all have, the place of whoever has been away longest.
/// </summary>
internal sealed class KafkaFeeds(KafkaClients clients, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<KafkaFeed> _feeds = [];
    private readonly Dictionary<TopicPartition, List<(KafkaFeed Feed, FeedLane Lane)>> _lanes = [];
    private bool _isStopping;

    public ValueTask<LogSlice> Read(TopicPartition at, long from, int bytesMax, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_isStopping) return ValueTask.FromException<LogSlice>(Refusals.Stopping);
            if (!_lanes.TryGetValue(at, out var lanes)) _lanes[at] = lanes = [];
            lanes.RemoveAll(l => l.Lane.HasFailed);
            foreach (var (feed, lane) in lanes)
            {
                if (!lane.TryTake(from, bytesMax, cancel, out var slice)) continue;
                feed.Took(lane);
                return slice;
            }
            var opened = Open(at, from, lanes);
            return opened.TryTake(from, bytesMax, cancel, out var first)
                ? first
                : throw new InvalidOperationException("A lane that was just opened is nobody else's.");
        }
    }

    public void Dispose()
    {
        KafkaFeed[] feeds;
        lock (_gate)
        {
            _isStopping = true;
            feeds = [.. _feeds];
        }
        foreach (var feed in feeds) feed.Dispose();
    }

    private FeedLane Open(TopicPartition at, long from, List<(KafkaFeed Feed, FeedLane Lane)> lanes)
    {
        var free = _feeds.Find(f => lanes.TrueForAll(l => l.Feed != f));
        if (free is null && _feeds.Count < clients.Options.FeedsMax) _feeds.Add(free = new KafkaFeed(clients, logger));
        if (free is null)
        {
            var longest = lanes.MaxBy(l => l.Lane.Idle);
            lanes.Remove(longest);
            free = longest.Feed;
        }
        var lane = free.Open(at, from);
        lanes.Add((free, lane));
        return lane;
    }
}
