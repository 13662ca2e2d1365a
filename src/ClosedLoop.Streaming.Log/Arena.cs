using System.Buffers.Binary;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Where the records of one lane are copied while their group is open. Groups follow each other in the same array, which is never reused,
/// so that readers can hold what they were handed, and a hit costs no allocation of its own. Guarded by the gate of the queue.
/// </summary>
internal sealed class Arena(int lane)
{
    // Below the large-object threshold of 85,000 bytes: young arrays are cheap to make and to forget.
    private const int Bytes = 64 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _count;

    public void Add(ReadOnlySpan<byte> record, List<Segment> segments)
    {
        var need = Frames.PrefixBytes + record.Length;
        if (_buffer.Length - _end < need) Renew(need, segments);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_end), record.Length);
        record.CopyTo(_buffer.AsSpan(_end + Frames.PrefixBytes));
        _end += need;
        _count++;
    }

    /// <summary>Hands over what the open group has put here.</summary>
    public void Seal(List<Segment> segments)
    {
        if (_count == 0) return;
        segments.Add(new Segment(lane, _buffer.AsMemory(_start, _end - _start), _count));
        _start = _end;
        _count = 0;
    }

    private void Renew(int need, List<Segment> segments)
    {
        Seal(segments);
        _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(need, Bytes));
        _start = _end = 0;
    }
}

/// <summary>Framed records that become one row of the file.</summary>
internal readonly record struct Segment(int Lane, ReadOnlyMemory<byte> Bytes, int Count);
