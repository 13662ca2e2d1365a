using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// The live states of one partition in memory: key → encoded state and the time at which it is next due. One writer; readers copy under <see cref="Gate"/>.
/// Keys are site, a zero byte, actor key (at most 300 bytes). States are at most 1 MiB. All memory is outside the garbage collector.
/// </summary>
public sealed unsafe partial class Shelf : IDisposable
{
    public const int KeyBytesMax = 300;
    public const int StateBytesMax = 1 << 20;
    /// <summary>Default limit of memory for the states of one partition, 32 GiB.</summary>
    public const long BytesMaxDefault = 32L << 30;

    private readonly Arena _arena;
    private readonly ShelfIndex _index = new();
    private readonly SlotTable _slots = new();
    private readonly DueIndex _due = new();
    private readonly ChunkLedger _ledger = new();
    private bool _disposed;

    /// <param name="bytesMax">Limit of memory for keys and states, in bytes; over it <see cref="Put(ReadOnlySpan{byte}, ReadOnlySpan{byte}, uint)"/> throws <see cref="ShelfFullException"/>.</param>
    public Shelf(long bytesMax = BytesMaxDefault)
    {
        _arena = new Arena { BytesMax = bytesMax };
        BeginChunk(1);
    }

    /// <summary>Held by the owner while it works on a batch, and by readers while they copy.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Limit of memory for keys and states, in bytes; the journal sets it from <see cref="StatesOptions.ShelfBytesMax"/> when the partition is opened.</summary>
    public long BytesMax
    {
        get => _arena.BytesMax;
        set => _arena.BytesMax = value;
    }

    /// <summary>Number of states.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of memory that entries, index and accounts have touched.</summary>
    public long Bytes => _arena.Touched + _index.Bytes + _slots.Bytes + _due.Bytes + _ledger.Bytes;

    /// <summary>Slots are numbered from 0 to SlotCount − 1; a state keeps its slot until it is removed. For paging over all states.</summary>
    public int SlotCount => _slots.Count;

    /// <summary>The same as Partitioning.Hash(site, actor key).</summary>
    public static ulong HashOf(ReadOnlySpan<byte> key) => XxHash.Hash64(key);

    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> state) => TryGet(HashOf(key), key, out state);

    /// <summary>The state; the span is valid until the next change of the shelf.</summary>
    public bool TryGet(ulong hash, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> state)
    {
        var found = TryGetItem(hash, key, out var item);
        state = item.State;
        return found;
    }

    public bool TryGetItem(ReadOnlySpan<byte> key, out ShelfItem item) => TryGetItem(HashOf(key), key, out item);

    public bool TryGetItem(ulong hash, ReadOnlySpan<byte> key, out ShelfItem item)
    {
        var found = Find(hash, key, out var probe);
        item = found ? Item(Entry(probe.Address)) : default;
        return found;
    }

    public int Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> state, uint dueSeconds) => Put(HashOf(key), key, state, dueSeconds);

    /// <summary>Adds or replaces a state and returns its slot. <paramref name="dueSeconds"/>: unix seconds, 0 for never. The spans may point into the shelf.</summary>
    public int Put(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> state, uint dueSeconds)
    {
        if (key.IsEmpty || key.Length > KeyBytesMax) throw new ArgumentOutOfRangeException(nameof(key), key.Length, $"A key has 1 to {KeyBytesMax} bytes.");
        if (state.IsEmpty || state.Length > StateBytesMax) throw new ArgumentOutOfRangeException(nameof(state), state.Length, $"A state has 1 to {StateBytesMax} bytes.");
        var entry = Find(hash, key, out var probe) ? Replace(probe, state) : Add(hash, key, state);
        return Due(entry, dueSeconds);
    }

    /// <summary>
    /// Replaces the state in a slot that <see cref="TryGetItem(ulong, ReadOnlySpan{byte}, out ShelfItem)"/> just gave for this key, without looking
    /// for it again where it fits into its place.
    /// </summary>
    public int Put(int slot, ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> state, uint dueSeconds)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var address = _slots.At((uint)slot);
        return address != 0 && !state.IsEmpty && state.Length <= StateBytesMax && TryOverwrite(address, state, out var entry)
            ? Due(entry, dueSeconds)
            : Put(hash, key, state, dueSeconds);
    }

    private int Due(ShelfEntry* entry, uint dueSeconds)
    {
        if (entry->Due != dueSeconds || entry->Bucket == 0)
        {
            entry->Due = dueSeconds;
            if (dueSeconds != 0) _due.Note(entry);
        }
        return (int)entry->Slot;
    }

    public bool Remove(ReadOnlySpan<byte> key) => Remove(HashOf(key), key);

    /// <summary>False when there is no such state.</summary>
    public bool Remove(ulong hash, ReadOnlySpan<byte> key)
    {
        if (!Find(hash, key, out var probe)) return false;
        var entry = Entry(probe.Address);
        Settle(entry);
        _removed.Add(Key(entry).ToArray());
        _slots.Remove(entry->Slot);
        _index.Remove(hash, probe);
        _arena.GiveBack(probe.Address);
        Count--;
        return true;
    }

    /// <summary>Asks the processor for the cache line of the index, some hundred nanoseconds before the key is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash)
    {
        if (Sse.IsSupported && !_disposed) Sse.Prefetch0(_index.HomeOf(hash));
    }

    /// <summary>Second step: reads the index (prefetched before) and asks for the first lines of the entry that is most likely meant.</summary>
    public void PrefetchEntry(ulong hash)
    {
        if (!Sse.IsSupported || _disposed) return;
        var probe = _index.Start(hash);
        if (!ShelfIndex.Next(ref probe)) return;
        var at = _arena.At(probe.Address);
        var lines = Math.Min(_arena.Capacity(probe.Address), 256);
        for (var i = 0; i < lines; i += 64) Sse.Prefetch0(at + i);
    }

    /// <summary>False when the slot is free. The spans are valid until the next change of the shelf.</summary>
    public bool TryReadSlot(int slot, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> state)
    {
        var found = TryReadSlot(slot, out var item);
        key = item.Key;
        state = item.State;
        return found;
    }

    public bool TryReadSlot(int slot, out ShelfItem item)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var address = slot < 0 ? 0 : _slots.At((uint)slot);
        item = address == 0 ? default : Item(Entry(address));
        return address != 0;
    }

    /// <summary>Frees the memory. Whoever comes later, under the gate, gets an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            if (_disposed) return;
            _disposed = true;
            _arena.Dispose();
            _index.Dispose();
            _slots.Dispose();
            _due.Dispose();
            _ledger.Dispose();
            Count = 0;
        }
    }
}
