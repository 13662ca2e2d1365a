using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>One owner of a partition: its memory and its epoch. Killed owners may go on as zombies.</summary>
internal sealed class Owner : IDisposable
{
    private readonly HashSet<int> _changed = [];
    private readonly List<byte[]> _log;
    private readonly Journal _journal;
    private int _next;

    public Owner(int partitions, List<byte[]> log, Journal journal)
    {
        (_log, _journal) = (log, journal);
        Epoch = journal.Open();
        Core = new PartitionCore(Shelf, partitions);
        foreach (var (key, due, state) in journal.States) Shelf.Put(key, state, due);
        Core.Open(journal.Counters);
        Core.Bench.Changed = slot => _changed.Add(slot);
        _next = journal.Absorbed;
    }

    public long Epoch { get; }
    public Shelf Shelf { get; } = new();
    public PartitionCore Core { get; }
    public bool HasWork => _next < _log.Count || Core.MustSweep;

    /// <summary>Works on the next records, or re-judges some people, and gives what has to be saved.</summary>
    public Step Work(int recordsMax, bool sweep)
    {
        if (sweep || _next >= _log.Count) Core.Sweep(recordsMax);
        else
            for (var i = 0; i < recordsMax && _next < _log.Count; i++) Core.Handle(_log[_next++]);
        var states = new List<(byte[], uint, byte[])>();
        foreach (var slot in _changed)
            if (Shelf.TryReadSlot(slot, out ShelfItem item)) states.Add((item.Key.ToArray(), item.DueSeconds, item.State.ToArray()));
        _changed.Clear();
        var outbox = Core.Bench.Outbox;
        var step = new Step(Epoch, _next, states, Core.Bench.Counters.Write(), [.. Step.Unframed(outbox.Facts())],
            [.. outbox.Messages().SelectMany(m => Step.Unframed(m.Bytes).Select(record => (m.Partition, record)))]);
        outbox.Clear();
        return step;
    }

    public void Dispose() => Shelf.Dispose();
}
