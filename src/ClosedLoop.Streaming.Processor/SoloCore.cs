using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// The same decisions as <see cref="PartitionCore"/>'s for one actor whose state is handed in and taken out again: for actors that live apart,
/// each in its own place. Serves one after another, never two at a time. Knows the rules that it was made with.
/// </summary>
public sealed class SoloCore : IDisposable
{
    private static readonly Counters Zero = new();

    private readonly Shelf _shelf = new();
    private readonly PartitionCore _core;

    /// <param name="rules">State of the published rules (<see cref="Route.PublishedShelfKey"/>), empty before the first.</param>
    public SoloCore(int partitions, ReadOnlySpan<byte> rules)
    {
        _core = new PartitionCore(_shelf, partitions);
        _core.Bench.Rules.Read(rules);
    }

    /// <param name="shelfKey">Whose state it is.</param>
    /// <param name="state">As it was saved; empty when there is none yet.</param>
    /// <param name="records">Framed, all for this actor, in the order of the log.</param>
    /// <param name="wakeMs">Above 0: afterwards silence and rules up to this moment are looked at.</param>
    /// <exception cref="InvalidOperationException">A record touched another actor's state: what was decided is worthless.</exception>
    public SoloOutcome Run(ReadOnlySpan<byte> shelfKey, ReadOnlySpan<byte> state, ReadOnlyMemory<byte> records, long wakeMs)
    {
        lock (_shelf.Gate)
        {
            try
            {
                _core.Bench.Counters.CopyFrom(Zero);
                var slot = state.IsEmpty ? -1 : _shelf.Put(shelfKey, state, 0);
                _shelf.Seal();
                foreach (var record in new LogSlice(0, 0, records)) _core.Handle(record);
                if (wakeMs > 0 && slot >= 0) _core.Wake(slot, wakeMs);
                return Outcome(shelfKey);
            }
            finally { Clear(); }
        }
    }

    private SoloOutcome Outcome(ReadOnlySpan<byte> shelfKey)
    {
        var known = _shelf.TryGetItem(shelfKey, out var item);
        if (_shelf.Count > (known ? 1 : 0) || _shelf.Removals > 0) throw new InvalidOperationException("A record of one actor touched the state of another.");
        var outbox = _core.Bench.Outbox;
        var counters = new Counters();
        counters.CopyFrom(_core.Bench.Counters);
        return new SoloOutcome(!_shelf.IsSealed, known ? item.State.ToArray() : [], known ? item.DueSeconds : 0, outbox.Facts(), outbox.Messages(), counters);
    }

    // Nothing stays: the next one is somebody else.
    private void Clear()
    {
        _core.Bench.Outbox.Clear();
        for (var slot = _shelf.SlotCount - 1; slot >= 0; slot--)
            if (_shelf.TryReadSlot(slot, out var key, out _)) _shelf.Remove(key);
        _shelf.Seal();
    }

    public void Dispose() => _shelf.Dispose();
}

/// <summary>What an actor leaves behind.</summary>
/// <param name="IsChanged">The state was put anew, perhaps as it was.</param>
/// <param name="State">Empty when there is none.</param>
/// <param name="DueSeconds">When its silence is over, unix seconds; 0 for never. Only said of a state that is changed.</param>
/// <param name="Facts">Framed.</param>
/// <param name="Counters">Of these records alone.</param>
public sealed record SoloOutcome(bool IsChanged, byte[] State, uint DueSeconds, byte[] Facts, IReadOnlyList<JournalMessages> Messages, Counters Counters);
