namespace ClosedLoop.Streaming.States;

/// <summary>
/// Reads saved states of any partition from outside its owner, where they lie in a place that all processes reach. They are those of the last
/// commit; an embedded file has none of this, there the owner's shelf is read.
/// </summary>
public interface ISavedStates
{
    /// <summary>The encoded state; null when there is none. The key is a shelf key: site, zero byte, actor key.</summary>
    /// <exception cref="Log.LogUnavailableException">The states can't be reached now.</exception>
    ValueTask<byte[]?> ReadAsync(int partition, ReadOnlyMemory<byte> key, CancellationToken cancel);

    /// <summary>All states of a partition, in no order; what changes meanwhile is seen or not.</summary>
    IAsyncEnumerable<(byte[] Key, byte[] State)> ScanAsync(int partition, CancellationToken cancel);

    /// <summary>Where the partition's owner stood at its last commit.</summary>
    /// <exception cref="Log.LogUnavailableException">The states can't be reached now.</exception>
    ValueTask<SavedPosition> PositionAsync(int partition, CancellationToken cancel);

    /// <summary>How many states of a partition are due at or before that second.</summary>
    ValueTask<long> DueAsync(int partition, uint unixSeconds, CancellationToken cancel);
}

/// <param name="Commits">Number of the commit; another one says that something happened since.</param>
/// <param name="Absorbed">Next offset of hits that the states do not hold yet.</param>
/// <param name="IsWhole">True when all that the commit says is published.</param>
/// <param name="Counters">As the owner handed them in; empty when there was no commit.</param>
public readonly record struct SavedPosition(long Commits, long Absorbed, bool IsWhole, ReadOnlyMemory<byte> Counters);
