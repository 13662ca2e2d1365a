namespace ClosedLoop.Streaming.Log;

/// <summary>Puts whole, consecutive chunks together until there are enough bytes.</summary>
internal sealed class SliceBuilder(Lane lane, long from, int bytesMax, Damages damages)
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];
    private string _why = "missing";
    private LaneHead? _previous;
    private int _count;
    private int _bytes;
    private long _first = from;

    public Lane Lane => lane;

    /// <summary>Offset after what is here.</summary>
    public long Position => _first + _count;

    public bool IsEmpty => _count == 0;

    public bool IsComplete { get; private set; }

    public void Add(Chunk chunk)
    {
        if (!chunk.IsWhole)
        {
            IsComplete = !IsEmpty;
            _why = "checksum";
            return;
        }
        CheckChain(chunk);
        if (chunk.Next <= Position) return;
        if (chunk.First > Position)
        {
            IsComplete = !IsEmpty;
            if (IsComplete) return;
            SkipTo(chunk.First, _why);
        }
        var skip = (int)(Position - chunk.First);
        var (bytes, count) = Frames.Cut(chunk.Bytes, chunk.Count, skip, IsEmpty ? bytesMax : int.MaxValue);
        if (!IsEmpty && _bytes + bytes.Length > bytesMax)
        {
            IsComplete = true;
            return;
        }
        _pieces.Add(bytes);
        _count += count;
        _bytes += bytes.Length;
        IsComplete = _bytes >= bytesMax || skip + count < chunk.Count;
    }

    private void CheckChain(Chunk chunk)
    {
        if (_previous is { } previous && previous.Next == chunk.First && !chunk.Follows(previous.Chain))
            damages.Note(new LogDamage(lane.Topic, lane.Partition, chunk.First, chunk.First, "chain"));
        _previous = chunk.Head;
    }

    /// <summary>There are no more chunks; what is still before the end is lost.</summary>
    public void ReachedEnd(long end)
    {
        if (IsEmpty) SkipTo(end, _why);
        IsComplete = true;
    }

    public void SkipTo(long offset, string why)
    {
        // Retention may have taken what was asked for meanwhile; that is no damage.
        _first = Math.Max(_first, Math.Min(lane.Start, offset));
        if (offset > _first) damages.Note(new LogDamage(lane.Topic, lane.Partition, _first, offset, why));
        _first = offset;
        _why = "missing";
    }

    public LogSlice Build()
    {
        if (_pieces.Count == 1) return new LogSlice(_first, _count, _pieces[0]);
        var all = GC.AllocateUninitializedArray<byte>(_bytes);
        var at = 0;
        foreach (var piece in _pieces)
        {
            piece.CopyTo(all.AsMemory(at));
            at += piece.Length;
        }
        return new LogSlice(_first, _count, all);
    }
}
