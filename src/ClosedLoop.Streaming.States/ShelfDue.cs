namespace ClosedLoop.Streaming.States;

/// <summary>The sleepers: whose silence ends a segment is woken in the order of due time, then key.</summary>
public sealed unsafe partial class Shelf
{
    private readonly List<uint> _ready = [];
    private int _readyNext;
    private uint _readySecond;

    /// <summary>No state is due before this unix second (it may be too early, never too late); long.MaxValue when none sleeps.</summary>
    public long NextDueSeconds => _readyNext < _ready.Count ? Math.Min(_readySecond, _due.Bound) : _due.Bound;

    /// <summary>
    /// The next state that is due at or before now, by due time, then key bytes. It is handed out once, keeps its due time, and sleeps again
    /// from the next <see cref="Put(ReadOnlySpan{byte}, ReadOnlySpan{byte}, uint)"/> on; so whoever takes it puts it back, or it is not woken again before a restart.
    /// </summary>
    public bool TryTakeDue(long nowSeconds, out int slot)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var now = (uint)Math.Clamp(nowSeconds, 0, uint.MaxValue);
        slot = -1;
        while (true)
        {
            var earlierCame = _due.TryPeek(out _, out var due) && due <= _readySecond;
            if (_readyNext == _ready.Count || earlierCame)
            {
                if (!Collect(now)) return false;
                continue;
            }
            if (_readySecond > now) return false;
            var candidate = _ready[_readyNext++];
            if (!IsDue(candidate, _readySecond)) continue;
            Entry(_slots.At(candidate))->Bucket = 0;
            slot = (int)candidate;
            return true;
        }
    }

    /// <summary>As above, with the key; the span is valid until the next change of the shelf.</summary>
    public bool TryTakeDueItem(long nowSeconds, out ShelfItem item)
    {
        var found = TryTakeDue(nowSeconds, out var slot);
        item = found ? Item(Entry(_slots.At((uint)slot))) : default;
        return found;
    }

    // One bucket at a time, so that waking after a long stop doesn't sort everybody before the first one goes.
    private bool OpenBucket(uint now)
    {
        if (!_due.TryOpen(now, out var bucket)) return false;
        while (_due.TryUnload(ref bucket, out var slot))
        {
            var address = _slots.At(slot);
            if (address == 0) continue;
            var entry = Entry(address);
            if (entry->Bucket != bucket.Number + 1) continue;
            entry->Bucket = 0;
            if (entry->Due != 0) _due.Note(entry);
        }
        return true;
    }

    // All that are due in the earliest second, sorted by key.
    private bool Collect(uint now)
    {
        for (; _readyNext < _ready.Count; _readyNext++) _due.Return(_ready[_readyNext], _readySecond);
        _ready.Clear();
        _readyNext = 0;
        while (true)
        {
            if (!_due.TryPeek(out var slot, out var due))
            {
                if (_ready.Count > 0 || !OpenBucket(now)) break;
                continue;
            }
            if (due > now || (_ready.Count > 0 && due != _readySecond)) break;
            _due.Pop();
            if (!IsDue(slot, due)) continue;
            _readySecond = due;
            _ready.Add(slot);
        }
        _ready.Sort((a, b) => Key(Entry(_slots.At(a))).SequenceCompareTo(Key(Entry(_slots.At(b)))));
        return _ready.Count > 0;
    }

    // A number in the queue may be stale: taken, removed, or due at another time by now; then the entry is noted again where it belongs.
    private bool IsDue(uint slot, uint second)
    {
        var address = _slots.At(slot);
        if (address == 0) return false;
        var entry = Entry(address);
        if (entry->Bucket == 0) return false;
        if (entry->Due == second) return true;
        if (entry->Bucket != DueIndex.BucketOf(second) + 1) return false;
        entry->Bucket = 0;
        if (entry->Due != 0) _due.Note(entry);
        return false;
    }
}
