using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>A group, or all segments that stand on their own, ready to be run through.</summary>
internal sealed class Block(bool exclusive, int[] indexes, Rule[] rules)
{
    /// <param name="sorted">By (order, name); the order of a group's blocks follows.</param>
    public static Block[] Of(Segment[] sorted) =>
    [
        .. sorted.Select((segment, index) => (segment, index))
            .GroupBy(pair => pair.segment.Group ?? "", StringComparer.Ordinal)
            .Select(group => new Block(group.Key.Length > 0, [.. group.Select(p => p.index)], [.. group.Select(p => p.segment.Rule!)])),
    ];

    public void Judge<T>(ref T person, long now, ref MemberBits truth, ref long due) where T : IMeasures, allows ref struct
    {
        var all = rules;
        for (var i = 0; i < all.Length; i++)
        {
            if (!all[i].Holds(ref person, now, ref due)) continue;
            truth.Set(indexes[i]);
            // What comes behind the first match of a group is not asked, so it cannot make anything due either.
            if (exclusive) return;
        }
    }
}
