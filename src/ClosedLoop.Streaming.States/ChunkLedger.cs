using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// How many bytes of each chunk are still the newest copy of their state, by the low 32 bits of the chunk's sequence: what compaction
/// chooses by. 4 bytes per chunk between the oldest and the newest one.
/// </summary>
internal sealed unsafe class ChunkLedger : IDisposable
{
    /// <summary>What a chunk spends on an entry beside key and state: lengths and due time.</summary>
    public const int EntryBytes = 10;

    private uint* _live = (uint*)NativeMemory.AllocZeroed(1024, sizeof(uint));
    private uint _capacity = 1024;
    private uint _first;
    private uint _count;

    public long Bytes => (long)_capacity * sizeof(uint);
    /// <summary>All live bytes of all chunks.</summary>
    public long Live { get; private set; }

    /// <summary>Makes room up to this sequence. Sequences only grow, modulo 2^32.</summary>
    public void Reach(uint chunk)
    {
        // Nothing is live anywhere: the account may begin here, as it does when loading.
        if (Live == 0) (_first, _count) = (chunk, 0);
        var needed = chunk - _first + 1;
        if (needed <= _count) return;
        if (needed > _capacity) Grow(needed);
        _count = needed;
    }

    public void Add(uint chunk, int bytes)
    {
        var at = chunk - _first;
        if (at >= _count) return;
        _live[at] = (uint)(_live[at] + bytes);
        Live += bytes;
    }

    public uint this[uint chunk] => chunk - _first < _count ? _live[chunk - _first] : 0;

    /// <summary>Forgets chunks before this one; they hold nothing live any more.</summary>
    public void DropBefore(uint chunk)
    {
        // The account may begin behind that chunk already; the difference is then negative.
        if ((int)(chunk - _first) <= 0) return;
        var gone = Math.Min(chunk - _first, _count);
        // Moving what is left costs its length, so it waits until at least half can go.
        if (gone < _count / 2) return;
        new Span<uint>(_live + gone, (int)(_count - gone)).CopyTo(new Span<uint>(_live, (int)_count));
        new Span<uint>(_live + _count - gone, (int)gone).Clear();
        _first += gone;
        _count -= gone;
    }

    private void Grow(uint needed)
    {
        var capacity = Math.Max(needed, _capacity + (_capacity / 2));
        _live = (uint*)NativeMemory.Realloc(_live, (nuint)capacity * sizeof(uint));
        new Span<uint>(_live + _capacity, (int)(capacity - _capacity)).Clear();
        _capacity = capacity;
    }

    public void Dispose() => NativeMemory.Free(_live);
}
