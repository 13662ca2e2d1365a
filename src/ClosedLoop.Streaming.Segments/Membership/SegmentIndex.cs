using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Finds the place in a set of a segment that a stored membership names, and whether a stored membership still holds.</summary>
internal sealed class SegmentIndex
{
    private const int Absent = -1;

    private readonly Segment[] _segments;
    private readonly short[] _byToken = new short[MembershipReader.Marker];
    // Open addressing over the hash of the name, at most half full.
    private readonly short[] _slots;
    private readonly int _mask;
    private readonly byte[][] _entries;
    private readonly int[] _ranks;

    public SegmentIndex(Segment[] segments)
    {
        _segments = segments;
        (_entries, _ranks) = Rank(segments);
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

    /// <summary>Whether these bytes are what would be written for this truth, moments apart. Compares bytes and looks nothing up.</summary>
    /// <param name="truth">By place in the order of names: <see cref="RankOf"/>.</param>
    public bool IsSame(ReadOnlySpan<byte> membership, ref MemberBits truth)
    {
        if (membership is [MembershipReader.Marker]) membership = default;
        for (var rank = truth.Next(0); rank >= 0; rank = truth.Next(rank + 1))
        {
            var entry = _entries[rank];
            if (!membership.StartsWith(entry)) return false;
            var at = entry.Length;
            while (at < membership.Length && membership[at] >= 0x80) at++;
            if (at >= membership.Length) return false;
            membership = membership[(at + 1)..];
        }
        return membership.IsEmpty;
    }

    /// <summary>The place of a segment in the order of names, in which memberships are written.</summary>
    public int RankOf(int index) => _ranks[index];

    // Entries in the order of names, without their moments, and the place of each segment among them.
    private static (byte[][] Entries, int[] Ranks) Rank(Segment[] segments)
    {
        var order = Enumerable.Range(0, segments.Length).ToArray();
        Array.Sort(order, (a, b) => segments[a].NameUtf8.Span.SequenceCompareTo(segments[b].NameUtf8.Span));
        var ranks = new int[segments.Length];
        for (var rank = 0; rank < order.Length; rank++) ranks[order[rank]] = rank;
        return ([.. order.Select(index => MembershipWriter.EntryOf(segments[index]))], ranks);
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
