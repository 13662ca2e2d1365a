using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What the actors of one partition share: shelf, rules, outbox, and the reusable pieces that keep a hit free of allocation.</summary>
public sealed class Workbench
{
    private readonly byte[] _key = new byte[Shelf.KeyBytesMax];

    public Workbench(Shelf shelf, int partitions)
    {
        Shelf = shelf;
        Outbox = new Outbox(partitions);
        Facts = new FactWriter(Outbox);
        Sessions = new SessionFacts(Facts);
        Credit = new CreditDesk(Facts);
        Judge = new Judge(Rules, Facts, Counters);
    }

    public Shelf Shelf { get; }
    public Outbox Outbox { get; }
    public RulesBook Rules { get; } = new();
    public Counters Counters { get; private set; } = new();
    public FactWriter Facts { get; }
    public SessionFacts Sessions { get; }
    public CreditDesk Credit { get; }
    public Judge Judge { get; private set; }
    public Person Person { get; } = new();
    public Person PersonBefore { get; } = new();
    public BlobWriter Blob { get; } = new();
    public BlobWriter Scratch { get; } = new();
    public RecordWriter Message { get; } = new();

    public void Restore(Counters counters)
    {
        Counters = counters;
        Judge = new Judge(Rules, Facts, counters);
    }

    /// <summary>The state of an actor; empty when it has none yet. Valid until the next change of the shelf.</summary>
    public ReadOnlySpan<byte> Load(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        var length = ActorKey.OnShelf(site, key, _key);
        return Shelf.TryGet(_key.AsSpan(0, length), out ReadOnlySpan<byte> state) ? state : default;
    }

    public void Save(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> state, long dueMs)
    {
        var length = ActorKey.OnShelf(site, key, _key);
        var slot = Shelf.Put(_key.AsSpan(0, length), state, DueSeconds(dueMs));
        ChangedBytes += key.Length + state.Length;
        Changed?.Invoke(slot);
    }

    /// <summary>Bytes put since the owner set it to 0.</summary>
    public long ChangedBytes { get; set; }

    /// <summary>Told of the slot of every state that is put, so that the owner can hand it to the journal.</summary>
    public Action<int>? Changed { get; set; }

    // Rounded up: a state is never woken before its moment.
    private static uint DueSeconds(long dueMs) => dueMs <= 0 ? 0 : (uint)Math.Min(uint.MaxValue, (dueMs + 999) / 1000);
}
