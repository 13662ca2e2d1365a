namespace ClosedLoop.Streaming.Log;

/// <summary>One topic and partition as readers see it: what is durable, its newest blocks in memory, and who waits for more.</summary>
internal sealed class Lane(Topic topic, int partition, int index, int tailBytesMax)
{
    private readonly Lock _lock = new();
    private readonly Tail _tail = new(tailBytesMax);
    private List<Waiting>? _waiting;
    private Exception? _closed;
    private long _start;
    private long _end;
    private long _total;

    public Topic Topic { get; } = topic;
    public int Partition { get; } = partition;
    public int Index { get; } = index;

    /// <summary>Its table in the file.</summary>
    public string Table { get; } = LaneMap.Table(topic, partition);

    /// <summary>Where the transaction under way has got to; the committer's own.</summary>
    public LaneHead Head { get; set; }

    /// <summary>Where the last durable transaction ended; the committer's own.</summary>
    public LaneHead Durable { get; set; }

    public long Start => Volatile.Read(ref _start);

    public long End => Volatile.Read(ref _end);

    public void Open(long start, LaneHead head)
    {
        _start = start;
        _end = head.Next;
        _total = head.Total;
        Head = Durable = head;
    }

    /// <summary>Bytes ever appended.</summary>
    public long Total => Volatile.Read(ref _total);

    public void TrimTo(long start) => Volatile.Write(ref _start, Math.Max(_start, start));

    /// <summary>Makes durable blocks visible, and wakes whoever waited for them.</summary>
    public void Publish(ReadOnlyMemory<byte> bytes, int count)
    {
        List<Waiting>? woken;
        lock (_lock)
        {
            _tail.Add(_end, count, bytes);
            Volatile.Write(ref _end, _end + count);
            Volatile.Write(ref _total, _total + bytes.Length);
            woken = _waiting;
            _waiting = null;
        }
        if (woken is null) return;
        foreach (var waiting in woken)
        {
            if (TryTail(waiting.From, waiting.BytesMax, out var slice)) waiting.TrySetResult(slice);
            else waiting.TrySetException(new InvalidOperationException("A block that was just published is not in memory."));
        }
    }

    public bool TryTail(long from, int bytesMax, out LogSlice slice)
    {
        lock (_lock) return _tail.TryRead(from, bytesMax, out slice);
    }

    /// <summary>Stands in line for what comes after the end; null when there is already something.</summary>
    public Waiting? Wait(long from, int bytesMax)
    {
        var waiting = new Waiting(from, bytesMax);
        lock (_lock)
        {
            if (_closed is not null) throw _closed;
            if (from < _end) return null;
            if (from > _end) throw new ArgumentOutOfRangeException(nameof(from), from, $"{Topic}/{Partition} ends at {_end}.");
            (_waiting ??= []).Add(waiting);
        }
        return waiting;
    }

    /// <summary>A reader that gave up leaves the line at once: an idle lane would otherwise collect them.</summary>
    public void Leave(Waiting waiting, CancellationToken cancel)
    {
        lock (_lock) _waiting?.Remove(waiting);
        waiting.TrySetCanceled(cancel);
    }

    public void Close(Exception reason)
    {
        List<Waiting>? woken;
        lock (_lock)
        {
            _closed ??= reason;
            woken = _waiting;
            _waiting = null;
        }
        foreach (var waiting in woken ?? []) waiting.TrySetException(reason);
    }

    internal sealed class Waiting(long from, int bytesMax) : TaskCompletionSource<LogSlice>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long From { get; } = from;
        public int BytesMax { get; } = bytesMax;
    }
}

/// <summary>What the next chunk of a lane builds on.</summary>
/// <param name="Next">Next offset to give.</param>
/// <param name="Chain">Chain value of the last chunk.</param>
/// <param name="Total">Bytes ever appended to the lane.</param>
internal readonly record struct LaneHead(long Next, long Chain, long Total);
