using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What the actors of one partition share: shelf, rules, outbox, and the reusable pieces that keep a hit free of allocation.</summary>
public sealed class Workbench
{
    private readonly byte[] _key = new byte[Shelf.KeyBytesMax], _ownKey = new byte[Shelf.KeyBytesMax];
    private int _ownLength, _ownSlot;
    private ulong _ownHash;

    public Workbench(Shelf shelf, int partitions)
    {
        Shelf = shelf;
        Outbox = new Outbox(partitions);
        Facts = new FactWriter(Outbox);
        Sessions = new SessionFacts(Facts);
        Credit = new CreditDesk(Facts);
        Stages = new StageDesk(Rules, Facts, Credit);
        Judge = new Judge(Rules, Facts, Counters, Stages);
    }

    public Shelf Shelf { get; }
    public Outbox Outbox { get; }
    public RulesBook Rules { get; } = new();
    public Counters Counters { get; private set; } = new();
    public FactWriter Facts { get; }
    public SessionFacts Sessions { get; }
    public CreditDesk Credit { get; }
    public StageDesk Stages { get; }
    public Judge Judge { get; private set; }
    public Person Person { get; } = new();
    public Person PersonBefore { get; } = new();
    public BlobWriter Blob { get; } = new();
    public BlobWriter Scratch { get; } = new();
    public RecordWriter Message { get; } = new();

    public void Restore(Counters counters)
    {
        Counters = counters;
        Judge = new Judge(Rules, Facts, counters, Stages);
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
        Changed?.Invoke(slot);
    }

    /// <summary>The state of the actor that the record is for; <see cref="SaveOwn"/> puts it back. The key is hashed once for both.</summary>
    /// <param name="hash">Of site and key, where it is known already; otherwise 0.</param>
    public ReadOnlySpan<byte> LoadOwn(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ulong hash)
    {
        _ownLength = ActorKey.OnShelf(site, key, _ownKey);
        _ownHash = hash == 0 ? Shelf.HashOf(_ownKey.AsSpan(0, _ownLength)) : hash;
        _ownSlot = Shelf.TryGetItem(_ownHash, _ownKey.AsSpan(0, _ownLength), out var item) ? item.Slot : -1;
        return item.State;
    }

    public void SaveOwn(ReadOnlySpan<byte> state, long dueMs)
    {
        var key = _ownKey.AsSpan(0, _ownLength);
        var slot = _ownSlot < 0 ? Shelf.Put(_ownHash, key, state, DueSeconds(dueMs)) : Shelf.Put(_ownSlot, _ownHash, key, state, DueSeconds(dueMs));
        Changed?.Invoke(slot);
    }

    /// <summary>Told of the slot of every state that is put, for owners without a journal that seals the shelf.</summary>
    public Action<int>? Changed { get; set; }

    // Rounded up: a state is never woken before its moment.
    private static uint DueSeconds(long dueMs) => dueMs <= 0 ? 0 : (uint)Math.Min(uint.MaxValue, (dueMs + 999) / 1000);
}
