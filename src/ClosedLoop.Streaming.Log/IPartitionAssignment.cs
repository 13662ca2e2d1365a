namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Says which partitions of hits this process works on. Embedded: all of them, from start to stop. With Kafka: those that the consumer group
/// hands out, which come and go while processes start and end.
/// </summary>
public interface IPartitionAssignment
{
    /// <summary>Tells the worker until cancelled; at the end takes everything back that was given. Calls never overlap.</summary>
    Task RunAsync(IPartitionWorker worker, CancellationToken cancel);
}

/// <summary>Whoever works on partitions: opens what it is given, and lets go of what is taken.</summary>
public interface IPartitionWorker
{
    /// <summary>These are this process's own from now on. Returns soon; opening goes on beside.</summary>
    Task AssignedAsync(IReadOnlyList<int> partitions);

    /// <summary>
    /// Completes when nothing of these partitions is under way and their states are dropped. <paramref name="lost"/>: somebody else may have
    /// them already, so nothing is worth finishing.
    /// </summary>
    Task RevokedAsync(IReadOnlyList<int> partitions, bool lost);

    /// <summary>Next offset that is not absorbed yet, for those that look at the group from outside; null when the partition isn't open.</summary>
    long? Position(int partition);
}

/// <summary>One process has every partition for as long as it runs.</summary>
public sealed class AllPartitions(ILog log) : IPartitionAssignment
{
    public async Task RunAsync(IPartitionWorker worker, CancellationToken cancel)
    {
        int[] all = [.. Enumerable.Range(0, log.Partitions)];
        await worker.AssignedAsync(all).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await worker.RevokedAsync(all, lost: false).ConfigureAwait(false);
    }
}
