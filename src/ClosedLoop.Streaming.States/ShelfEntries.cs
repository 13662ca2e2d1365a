namespace ClosedLoop.Streaming.States;

/// <summary>How entries lie in memory: header, key, state, in one piece; overwritten in place while the new state fits.</summary>
public sealed unsafe partial class Shelf
{
    private ShelfEntry* Entry(uint address) => (ShelfEntry*)_arena.At(address);

    private static byte* KeyOf(ShelfEntry* entry) => (byte*)entry + ShelfEntry.HeaderBytes;

    private static ReadOnlySpan<byte> Key(ShelfEntry* entry) => new(KeyOf(entry), entry->KeyLength);

    private static ShelfItem Item(ShelfEntry* entry) => new(
        Key(entry), new ReadOnlySpan<byte>(KeyOf(entry) + entry->KeyLength, entry->StateLength), entry->Due, entry->Chunk, (int)entry->Slot);

    private bool Find(ulong hash, ReadOnlySpan<byte> key, out ShelfIndex.Probe probe)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        probe = _index.Start(hash);
        while (ShelfIndex.Next(ref probe))
            if (Key(Entry(probe.Address)).SequenceEqual(key)) return true;
        return false;
    }

    private ShelfEntry* Add(ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> state)
    {
        var address = _arena.Take(ShelfEntry.HeaderBytes + key.Length + state.Length);
        var entry = Entry(address);
        *entry = new ShelfEntry { Slot = _slots.Add(address), Chunk = (uint)_chunk - 1 };
        entry->SetLengths(key.Length, state.Length);
        key.CopyTo(new Span<byte>(KeyOf(entry), key.Length));
        state.CopyTo(new Span<byte>(KeyOf(entry) + key.Length, state.Length));
        _index.Add(hash, address);
        Count++;
        Stamp(entry);
        return entry;
    }

    private bool TryOverwrite(uint address, ReadOnlySpan<byte> state, out ShelfEntry* entry)
    {
        entry = Entry(address);
        var keyLength = entry->KeyLength;
        if (ShelfEntry.HeaderBytes + keyLength + state.Length > _arena.Capacity(address)) return false;
        Settle(entry);
        state.CopyTo(new Span<byte>(KeyOf(entry) + keyLength, state.Length));
        entry->SetLengths(keyLength, state.Length);
        Stamp(entry);
        return true;
    }

    private ShelfEntry* Replace(in ShelfIndex.Probe probe, ReadOnlySpan<byte> state)
    {
        if (TryOverwrite(probe.Address, state, out var entry)) return entry;
        var keyLength = entry->KeyLength;
        var needed = ShelfEntry.HeaderBytes + keyLength + state.Length;
        // A state that outgrew its place tends to grow again: an eighth more saves moving at every visit.
        var address = _arena.Take(needed + (needed / 8));
        Settle(entry);
        var moved = Entry(address);
        Buffer.MemoryCopy(entry, moved, needed, ShelfEntry.HeaderBytes + keyLength);
        state.CopyTo(new Span<byte>(KeyOf(moved) + keyLength, state.Length));
        moved->SetLengths(keyLength, state.Length);
        _slots.Move(moved->Slot, address);
        ShelfIndex.Replace(probe, address);
        _arena.GiveBack(probe.Address);
        Stamp(moved);
        return moved;
    }
}
