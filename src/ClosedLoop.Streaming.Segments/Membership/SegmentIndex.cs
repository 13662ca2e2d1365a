using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Finds the place in a set of a segment that a stored membership names.</summary>
internal sealed class SegmentIndex
{
    private const int Absent = -1;

    private readonly Segment[] _segments;
    private readonly short[] _byToken = new short[MembershipReader.Marker];
    // Open addressing over the hash of the name, at most half full.
    private readonly short[] _slots;
    private readonly int _mask;

    public SegmentIndex(Segment[] segments)
    {
        _segments = segments;
        Array.Fill(_byToken, (short)Absent);
        _slots = new short[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2 * segments.Length))];
        Array.Fill(_slots, (short)Absent);
        _mask = _slots.Length - 1;
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Token != 0) _byToken[segments[i].Token] = (short)i;
            var slot = Slot(segments[i].NameUtf8.Span);
            while (_slots[slot] != Absent) slot = (slot + 1) & _mask;
            _slots[slot] = (short)i;
        }
    }

    /// <summary>False when a segment has vanished or stands in another group now.</summary>
    public bool TryRead(ReadOnlySpan<byte> membership, ref MemberBits stored)
    {
        var reader = new MembershipReader(membership);
        while (reader.MoveNext())
        {
            var index = Find(in reader, out var sameGroup);
            if (!sameGroup) return false;
            stored.Set(index);
        }
        return true;
    }

    /// <summary>−1 when the set has no segment of that name.</summary>
    public int Find(in MembershipReader reader, out bool sameGroup)
    {
        if (reader.Token != 0 && _byToken[reader.Token] is var known and >= 0)
        {
            sameGroup = true;
            return known;
        }
        var slot = Slot(reader.Name);
        while (_slots[slot] is var index and >= 0)
        {
            if (_segments[index].NameUtf8.Span.SequenceEqual(reader.Name))
            {
                sameGroup = _segments[index].GroupUtf8.Span.SequenceEqual(reader.Group);
                return index;
            }
            slot = (slot + 1) & _mask;
        }
        sameGroup = false;
        return Absent;
    }

    private int Slot(ReadOnlySpan<byte> name) => (int)XxHash.Hash64(name) & _mask;
}
