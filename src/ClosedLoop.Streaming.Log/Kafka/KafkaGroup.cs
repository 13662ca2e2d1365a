using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// The consumer group of the processors: hands out partitions of hits, cooperatively, so that only those that move stop. It reads nothing
/// itself. A partition that is taken away is flushed and dropped before the group hears that it is free. The group's offsets are a hint for
/// those that watch it: the position that counts lies with the states.
/// </summary>
public sealed class KafkaGroup(KafkaLog log, ILogger<KafkaGroup> logger) : IPartitionAssignment
{
    public const string GroupName = "processors";

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _commitEvery = TimeSpan.FromSeconds(5);

    // Partitions came that are not paused yet; the group's thread only.
    private bool _isFresh;

    public Task RunAsync(IPartitionWorker worker, CancellationToken cancel) =>
        Task.Factory.StartNew(() => Run(worker, cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(IPartitionWorker worker, CancellationToken cancel)
    {
        var config = log.Clients.Member(GroupName);
        var own = new SortedSet<int>();
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(config)
            .SetErrorHandler((_, error) => { if (error.IsFatal) KafkaMessages.GroupTrouble(logger, error.Reason); })
            .SetLogHandler(KafkaClients.Ignore)
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                var given = Numbers(partitions);
                own.UnionWith(given);
                KafkaMessages.Assigned(logger, string.Join(',', given));
                worker.AssignedAsync(given).GetAwaiter().GetResult();
                _isFresh = true;
                // From the end, and paused at once: records come through the readers, not through the group.
                return partitions.Select(p => new TopicPartitionOffset(p, Offset.End));
            })
            .SetPartitionsRevokedHandler((_, partitions) => Give(worker, own, Numbers(partitions.Select(p => p.TopicPartition)), lost: false))
            .SetPartitionsLostHandler((_, partitions) => Give(worker, own, Numbers(partitions.Select(p => p.TopicPartition)), lost: true))
            .Build();
        consumer.Subscribe(log.Clients.TopicName(Topic.Hits));
        try { Poll(consumer, worker, own, cancel); }
        finally
        {
            // Leaves the group by name, after the partitions were given back through the handler above.
            consumer.Close();
            if (own.Count > 0) Give(worker, own, [.. own], lost: true);
        }
    }

    private void Poll(IConsumer<Ignore, Ignore> consumer, IPartitionWorker worker, SortedSet<int> own, CancellationToken cancel)
    {
        var sinceCommit = System.Diagnostics.Stopwatch.StartNew();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                consumer.Consume(_poll);
                if (_isFresh) consumer.Pause(consumer.Assignment);
                _isFresh = false;
                if (sinceCommit.Elapsed < _commitEvery) continue;
                sinceCommit.Restart();
                Commit(consumer, worker, own);
            }
            catch (KafkaException e) { KafkaMessages.GroupTrouble(logger, e.Error.Reason); }
        }
    }

    private void Give(IPartitionWorker worker, SortedSet<int> own, int[] taken, bool lost)
    {
        own.ExceptWith(taken);
        if (taken.Length == 0) return;
        if (lost) KafkaMessages.Lost(logger, string.Join(',', taken));
        else KafkaMessages.Revoked(logger, string.Join(',', taken));
        worker.RevokedAsync(taken, lost).GetAwaiter().GetResult();
    }

    // A step is absorbed as a whole and in order, so the position is the end of the contiguous prefix.
    private void Commit(IConsumer<Ignore, Ignore> consumer, IPartitionWorker worker, SortedSet<int> own)
    {
        var name = log.Clients.TopicName(Topic.Hits);
        var offsets = own.Select(p => (Partition: p, Next: worker.Position(p))).Where(p => p.Next is not null)
            .Select(p => new TopicPartitionOffset(name, p.Partition, p.Next!.Value)).ToList();
        if (offsets.Count > 0) consumer.Commit(offsets);
    }

    private static int[] Numbers(IEnumerable<TopicPartition> partitions) => [.. partitions.Select(p => p.Partition.Value)];
}
