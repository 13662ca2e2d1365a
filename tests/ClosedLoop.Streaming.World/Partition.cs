using System.Buffers.Binary;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.World;

/// <summary>One partition of the <see cref="World"/>: its records, its owner's memory, and what is durable.</summary>
public sealed class Partition : IDisposable
{
    private readonly int _partitions;
    private readonly HashSet<int> _changed = [];
    private byte[] _counters = [];

    public Partition(int partitions)
    {
        _partitions = partitions;
        (Shelf, Core) = Open();
    }

    public List<byte[]> Hits { get; } = [];
    public List<byte[]> Facts { get; } = [];
    /// <summary>What a crash leaves: the last committed state of every actor.</summary>
    public Dictionary<string, (byte[] Key, uint Due, byte[] State)> Durable { get; } = [];
    public int Next { get; private set; }
    public Shelf Shelf { get; private set; }
    public PartitionCore Core { get; private set; }

    /// <summary>Handles and commits one record; false when there is none.</summary>
    public bool Step(Action<int, byte[]> route)
    {
        if (Next >= Hits.Count) return false;
        Core.Handle(Hits[Next]);
        Next++;
        Commit(route);
        return true;
    }

    public bool Sweep(Action<int, byte[]> route)
    {
        Core.Sweep(50);
        Commit(route);
        return true;
    }

    /// <summary>A crash: only what was committed is left.</summary>
    public void Reopen()
    {
        Shelf.Dispose();
        (Shelf, Core) = Open();
        foreach (var (key, due, state) in Durable.Values) Shelf.Put(key, state, due);
        Core.Open(_counters);
    }

    public void Dispose() => Shelf.Dispose();

    private (Shelf, PartitionCore) Open()
    {
        var shelf = new Shelf();
        var core = new PartitionCore(shelf, _partitions);
        core.Bench.Changed = slot => _changed.Add(slot);
        _changed.Clear();
        return (shelf, core);
    }

    private void Commit(Action<int, byte[]> route)
    {
        foreach (var slot in _changed)
            if (Shelf.TryReadSlot(slot, out ShelfItem item))
                Durable[Convert.ToHexString(item.Key)] = (item.Key.ToArray(), item.DueSeconds, item.State.ToArray());
        _changed.Clear();
        _counters = Core.Bench.Counters.Write();
        Facts.AddRange(Unframed(Core.Bench.Outbox.Facts()));
        foreach (var messages in Core.Bench.Outbox.Messages())
            foreach (var record in Unframed(messages.Bytes.ToArray())) route(messages.Partition, record);
        Core.Bench.Outbox.Clear();
    }

    private static IEnumerable<byte[]> Unframed(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            yield return bytes[(at + 4)..(at + 4 + length)];
            at += 4 + length;
        }
    }
}
