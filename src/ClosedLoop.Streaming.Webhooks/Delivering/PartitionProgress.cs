namespace ClosedLoop.Streaming.Webhooks;

/// <summary>A fact that deliveries come from; settled when each of them succeeded, was given up with a record, or is in the file.</summary>
internal sealed class Marker(long offset)
{
    // One for the reader itself, until it has made all deliveries of the fact.
    private int _left = 1;

    public long Offset { get; } = offset;
    public bool Settled => Volatile.Read(ref _left) == 0;

    public void Expect() => Interlocked.Increment(ref _left);
    public void Settle() => Interlocked.Decrement(ref _left);
}

/// <summary>
/// How far the facts of one partition are settled without a gap. Only that prefix is committed, so that a crash repeats messages
/// (with their ids) and never loses one.
/// </summary>
internal sealed class PartitionProgress(long start)
{
    private readonly Queue<Marker> _open = new();
    private readonly Lock _gate = new();
    private long _read = start;

    /// <summary>What the log has as our position.</summary>
    public long Committed { get; set; } = start;

    public Marker Begin(long offset)
    {
        var marker = new Marker(offset);
        lock (_gate) _open.Enqueue(marker);
        return marker;
    }

    /// <param name="next">First offset not read yet.</param>
    public void Read(long next)
    {
        lock (_gate) _read = next;
    }

    /// <summary>First offset that is not settled; everything before it is.</summary>
    public long Prefix()
    {
        lock (_gate)
        {
            while (_open.TryPeek(out var oldest))
            {
                if (!oldest.Settled) return oldest.Offset;
                _open.Dequeue();
            }
            return _read;
        }
    }
}
