using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.States;

/// <summary>One row of chunks that exists or is on its way.</summary>
/// <param name="Sequence">Place in the order of loading.</param>
/// <param name="Bytes">Length of the row; 0: gone.</param>
/// <param name="Removals">Bytes of entries that remove, which must stay while an older row may hold the key.</param>
internal readonly record struct ChunkRow(long Sequence, int Bytes, int Removals);

/// <summary>The rows of a partition's live states by sequence, and which of them are worth rewriting. Guarded by the shelf's gate.</summary>
internal sealed class ChunkList
{
    // The ledger costs 4 bytes for each sequence between the oldest and the newest row; an older row than this is rewritten, live or not.
    private const long SequenceSpanMax = 4 << 20;

    private readonly List<ChunkRow> _rows = [];
    private int _gone;

    public long Bytes { get; private set; }
    public long Removals { get; private set; }
    public int Count => _rows.Count - _gone;

    /// <summary>Sequence of the oldest row; long.MaxValue when there is none.</summary>
    public long Oldest
    {
        get
        {
            foreach (var row in _rows) if (row.Bytes > 0) return row.Sequence;
            return long.MaxValue;
        }
    }

    public void Add(ChunkRow row)
    {
        _rows.Add(row);
        Bytes += row.Bytes;
        Removals += row.Removals;
    }

    public void Remove(long sequence)
    {
        var at = Find(sequence);
        if (at < 0 || _rows[at].Bytes == 0) return;
        Bytes -= _rows[at].Bytes;
        Removals -= _rows[at].Removals;
        _rows[at] = new ChunkRow(sequence, 0, 0);
        if (++_gone <= _rows.Count / 2) return;
        _rows.RemoveAll(row => row.Bytes == 0);
        _gone = 0;
    }

    /// <summary>
    /// Rows up to <paramref name="last"/> of which more than half is superseded, the emptiest first; the oldest row as well when removals
    /// pile up behind it or it holds the ledger long.
    /// </summary>
    public List<ChunkRow> Candidates(Shelf shelf, long last, int countMax)
    {
        var found = new List<(long Percent, ChunkRow Row)>();
        var oldest = Oldest;
        var rotate = Removals > (Bytes / 4) || shelf.OpenChunk - oldest > SequenceSpanMax;
        foreach (var row in CollectionsMarshal.AsSpan(_rows))
        {
            if (row.Bytes == 0 || row.Sequence > last) continue;
            var isOldest = row.Sequence == oldest;
            var percent = (shelf.LiveBytes(row.Sequence) + (isOldest ? 0 : row.Removals)) * 100 / row.Bytes;
            if (percent < 50 || (isOldest && rotate)) found.Add((isOldest && rotate ? -1 : percent, row));
        }
        found.Sort((a, b) => a.Percent != b.Percent ? a.Percent.CompareTo(b.Percent) : a.Row.Sequence.CompareTo(b.Row.Sequence));
        return [.. found.Take(countMax).Select(f => f.Row)];
    }

    private int Find(long sequence)
    {
        int low = 0, high = _rows.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_rows[middle].Sequence == sequence) return middle;
            if (_rows[middle].Sequence < sequence) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }
}
