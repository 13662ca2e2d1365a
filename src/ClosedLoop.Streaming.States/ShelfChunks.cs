namespace ClosedLoop.Streaming.States;

/// <summary>
/// Which chunk holds the newest copy of each state. The journal seals a batch: what was put since the last seal belongs to the chunk
/// of that commit. All of it under <see cref="Gate"/>.
/// </summary>
public sealed unsafe partial class Shelf
{
    private readonly List<uint> _changed = [];
    private readonly List<byte[]> _removed = [];
    private long _chunk;

    /// <summary>Sequence of the chunk that the next seal closes; changes since the last seal belong to it.</summary>
    public long OpenChunk => _chunk;

    /// <summary>States put since the last seal, each counted once.</summary>
    public int Changes { get; private set; }

    /// <summary>States removed since the last seal.</summary>
    public int Removals => _removed.Count;

    /// <summary>Nothing was put or removed since the last seal: every state in the shelf was handed to the journal.</summary>
    public bool IsSealed => Changes == 0 && Removals == 0;

    /// <summary>Closes the open chunk and returns its sequence; later changes belong to the next one.</summary>
    public long Seal()
    {
        var sealedChunk = _chunk;
        BeginChunk(_chunk + 1);
        return sealedChunk;
    }

    /// <summary>For loading: what follows comes from this chunk. Sequences only grow.</summary>
    public void BeginChunk(long sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (sequence < _chunk) throw new ArgumentOutOfRangeException(nameof(sequence), sequence, "Chunk sequences only grow.");
        _chunk = sequence;
        _ledger.Reach((uint)sequence);
        Changes = 0;
        _changed.Clear();
        _removed.Clear();
    }

    /// <summary>
    /// Writes everything that was put or removed since the last seal, for the commit. Throws <see cref="StateChunkTooLargeException"/>:
    /// an owner looks at <see cref="ChangedBytes"/> while it works on a batch.
    /// </summary>
    public void WriteChanges(StateChunkWriter writer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var key in _removed) writer.Remove(key);
        foreach (var slot in _changed)
        {
            // A slot that was freed and used again since the last seal stands here twice; twice the same entry does no harm.
            var address = _slots.At(slot);
            if (address == 0) continue;
            var item = Item(Entry(address));
            if (item.Chunk == (uint)_chunk) writer.Put(item.Key, item.DueSeconds, item.State);
        }
    }

    /// <summary>Bytes that <see cref="WriteChanges"/> will take, about; removals apart.</summary>
    public long ChangedBytes => LiveBytes(_chunk);

    /// <summary>Bytes of a chunk that are still the newest copy of their state (an estimate to a few bytes per state).</summary>
    public long LiveBytes(long sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _ledger[(uint)sequence];
    }

    /// <summary>Live bytes of all chunks.</summary>
    public long LiveBytesTotal => _ledger.Live;

    /// <summary>Forgets the accounts of chunks before this one.</summary>
    public void DropChunksBefore(long sequence)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _ledger.DropBefore((uint)sequence);
    }

    /// <summary>Says that the newest copy is now in the open chunk, unchanged: what compaction does. False when the state has a newer copy.</summary>
    public bool Restamp(ReadOnlySpan<byte> key, long from)
    {
        if (!Find(HashOf(key), key, out var probe)) return false;
        var entry = Entry(probe.Address);
        if (entry->Chunk != (uint)from) return false;
        Settle(entry);
        Stamp(entry);
        return true;
    }

    // The old copy is dead from now on.
    private void Settle(ShelfEntry* entry)
    {
        if (entry->Chunk == (uint)_chunk) Changes--;
        _ledger.Add(entry->Chunk, -(entry->KeyLength + entry->StateLength + ChunkLedger.EntryBytes));
    }

    private void Stamp(ShelfEntry* entry)
    {
        if (entry->Chunk != (uint)_chunk)
        {
            entry->Chunk = (uint)_chunk;
            _changed.Add(entry->Slot);
        }
        Changes++;
        _ledger.Add((uint)_chunk, entry->KeyLength + entry->StateLength + ChunkLedger.EntryBytes);
    }
}
