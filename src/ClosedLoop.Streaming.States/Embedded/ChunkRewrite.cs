namespace ClosedLoop.Streaming.States;

/// <summary>Rewrites chosen rows in steps of bounded size. <see cref="Next"/> and <see cref="Finish"/> run under the shelf's gate.</summary>
internal sealed class ChunkRewrite(PartitionOwner owner, List<(ChunkRow Row, byte[] Bytes)> victims, int stepBytesMax)
{
    private readonly StateChunkWriter _writer = new();
    private readonly List<(long Sequence, ulong Checksum)> _emptied = [];
    private byte[] _bytes = [];
    private long _sequence;
    private int _removals;
    private int _emptiedBytes;
    private int _victim;
    private int _at;
    private int _read;

    public bool IsDone => _victim == victims.Count && !HasStep;

    /// <summary>A step is prepared and not finished yet.</summary>
    public bool HasStep { get; private set; }

    /// <summary>Bytes that the step writes.</summary>
    public int Bytes => _bytes.Length;

    /// <summary>Bytes of the rows that the step deletes.</summary>
    public int EmptiedBytes => _emptiedBytes;

    /// <summary>Collects what is live, up to the size of a step, and gives it the next sequence.</summary>
    public void Next()
    {
        _writer.Clear();
        _emptied.Clear();
        _removals = _emptiedBytes = 0;
        while (_victim < victims.Count && _writer.Length < stepBytesMax)
        {
            if (!Collect(victims[_victim])) break;
            _emptied.Add((victims[_victim].Row.Sequence, StateChunk.ChecksumOf(victims[_victim].Bytes)));
            _emptiedBytes += victims[_victim].Bytes.Length;
            _victim++;
            _at = _read = 0;
        }
        _bytes = _writer.Finish().ToArray();
        if (_bytes.Length > 0)
        {
            _sequence = owner.Shelf.Seal();
            owner.Chunks.Add(new ChunkRow(_sequence, _bytes.Length, _removals));
        }
        HasStep = true;
    }

    /// <summary>Inside the transaction: the new row in, the emptied rows out.</summary>
    public ChunkDigest Write(StateTables tables, ChunkDigest rows)
    {
        if (_bytes.Length > 0)
        {
            tables.Insert(ChunkKey.Of(owner.Partition, owner.Generation, _sequence), _bytes, _bytes.Length);
            rows = rows.With(_sequence, StateChunk.ChecksumOf(_bytes));
        }
        foreach (var (sequence, checksum) in _emptied)
        {
            tables.Delete(ChunkKey.Of(owner.Partition, owner.Generation, sequence));
            rows = rows.Without(sequence, checksum);
        }
        return rows;
    }

    /// <summary>The step is durable.</summary>
    public void Finish()
    {
        foreach (var (sequence, _) in _emptied) owner.Chunks.Remove(sequence);
        if (_bytes.Length > 0) owner.DurableSequence = Math.Max(owner.DurableSequence, _sequence);
        if (owner.Chunks.Count > 0) owner.Shelf.DropChunksBefore(owner.Chunks.Oldest);
        HasStep = false;
    }

    // True when the row has nothing left; false when the step is full before that.
    private bool Collect((ChunkRow Row, byte[] Bytes) victim)
    {
        var shelf = owner.Shelf;
        var sequence = victim.Row.Sequence;
        var reader = new StateChunkReader(victim.Bytes, new ChunkPlace(owner.Partition, sequence));
        if (_read > 0) reader.Skip(_at, _read);
        while (_writer.Length < stepBytesMax)
        {
            if (!reader.MoveNext()) return true;
            (_at, _read) = (reader.At, reader.Read);
            if (!reader.IsRemoval)
            {
                if (shelf.Restamp(reader.Key, sequence)) _writer.Put(reader.Key, reader.DueSeconds, reader.State);
            }
            else if (sequence != owner.Chunks.Oldest && !shelf.TryGet(reader.Key, out _))
            {
                // Older rows may still hold the key; without this entry they would bring it back at the next start.
                _writer.Remove(reader.Key);
                _removals += reader.Key.Length + ChunkLedger.EntryBytes;
            }
        }
        return reader.Read == reader.Count;
    }
}
