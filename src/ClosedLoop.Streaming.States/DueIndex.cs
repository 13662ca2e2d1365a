using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Slot numbers in buckets of 256 seconds, about 5 bytes per sleeping visitor. An entry is known to one bucket, at or before its due time:
/// a due time that moves on costs nothing until that bucket is opened. Entries that are taken, removed or earlier known elsewhere
/// leave stale numbers behind, which opening drops.
/// </summary>
internal sealed unsafe class DueIndex : IDisposable
{
    private const int BucketShift = 8;
    private const int NodeSlots = 14;

    private struct Node
    {
        public uint Next;
        public uint Count;
        public fixed uint Slots[NodeSlots];
    }

    private readonly Dictionary<uint, uint> _heads = [];
    private readonly PriorityQueue<uint, uint> _order = new();
    private readonly PriorityQueue<uint, uint> _open = new();
    private Node* _nodes;
    private uint _nodeCapacity;
    private uint _nodeCount = 1; // Node 0 is "none".
    private uint _freeNodes;
    // Buckets below this one have been opened: what falls into them goes straight to the open queue.
    private uint _opened;

    public long Bytes => (long)_nodeCapacity * sizeof(Node);

    public static uint BucketOf(uint due) => due >> BucketShift;

    /// <summary>Remembers the entry; to be called whenever its due time has changed to something other than 0.</summary>
    public void Note(ShelfEntry* entry)
    {
        var bucket = BucketOf(entry->Due);
        if (bucket < _opened)
        {
            entry->Bucket = bucket + 1;
            _open.Enqueue(entry->Slot, entry->Due);
            return;
        }
        if (entry->Bucket != 0 && entry->Bucket <= bucket + 1) return;
        entry->Bucket = bucket + 1;
        Add(bucket, entry->Slot);
    }

    /// <summary>No entry is due before this unix second (it may be too early, never too late); long.MaxValue when none sleeps.</summary>
    public long Bound
    {
        get
        {
            if (_open.TryPeek(out _, out var due)) return due;
            return _order.TryPeek(out var bucket, out _) ? (long)bucket << BucketShift : long.MaxValue;
        }
    }

    /// <summary>Earliest number in the open queue; the caller asks the entry whether it is still due then.</summary>
    public bool TryPeek(out uint slot, out uint due) => _open.TryPeek(out slot, out due);

    public void Pop() => _open.Dequeue();

    public void Return(uint slot, uint due) => _open.Enqueue(slot, due);

    /// <summary>
    /// The next bucket that begins at or before now: its numbers are handed out one by one with <see cref="TryUnload"/>. One at a time, when the
    /// open queue is empty: all that is in it is due before any bucket that was not opened yet.
    /// </summary>
    public bool TryOpen(uint now, out Bucket bucket)
    {
        bucket = default;
        if (_open.Count > 0 || !_order.TryPeek(out var number, out _) || number > BucketOf(now)) return false;
        _order.Dequeue();
        _heads.Remove(number, out var head);
        _opened = Math.Max(_opened, number + 1);
        bucket = new Bucket(number, head);
        return true;
    }

    public bool TryUnload(ref Bucket bucket, out uint slot)
    {
        slot = 0;
        if (bucket.Node == 0) return false;
        var node = _nodes + bucket.Node;
        if (node->Count == 0)
        {
            var next = node->Next;
            node->Next = _freeNodes;
            _freeNodes = bucket.Node;
            bucket.Node = next;
            return TryUnload(ref bucket, out slot);
        }
        slot = node->Slots[--node->Count];
        return true;
    }

    internal struct Bucket(uint number, uint node)
    {
        public readonly uint Number = number;
        public uint Node = node;
    }

    private void Add(uint bucket, uint slot)
    {
        ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, bucket, out var known);
        if (!known) _order.Enqueue(bucket, bucket);
        if (head == 0 || _nodes[head].Count == NodeSlots) head = TakeNode(head);
        var node = _nodes + head;
        node->Slots[node->Count++] = slot;
    }

    private uint TakeNode(uint next)
    {
        var number = _freeNodes;
        if (number != 0)
        {
            _freeNodes = _nodes[number].Next;
        }
        else
        {
            if (_nodeCount >= _nodeCapacity)
            {
                _nodeCapacity = Math.Max(256, _nodeCapacity + (_nodeCapacity / 2));
                _nodes = (Node*)NativeMemory.Realloc(_nodes, (nuint)_nodeCapacity * (nuint)sizeof(Node));
            }
            number = _nodeCount++;
        }
        _nodes[number].Next = next;
        _nodes[number].Count = 0;
        return number;
    }

    public void Dispose() => NativeMemory.Free(_nodes);
}
