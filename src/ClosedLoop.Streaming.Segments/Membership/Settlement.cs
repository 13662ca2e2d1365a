namespace ClosedLoop.Streaming.Segments;

/// <summary>Turns the difference between what is stored and what is true into changes and a new membership. Runs only when there is one.</summary>
internal static class Settlement
{
    public static void Settle(Segment[] segments, SegmentIndex index, ref MemberBits truth, long now,
        ReadOnlySpan<byte> membership, Judgement judgement)
    {
        var first = membership.IsEmpty;
        var ended = judgement.Stored;
        var kept = judgement.Kept;
        ended.Clear();
        kept.Clear();
        var stored = new MemberBits();
        var reader = new MembershipReader(membership);
        while (reader.MoveNext())
        {
            var at = index.Find(in reader, out _);
            if (at >= 0) stored.Set(at);
            var stays = at >= 0 && truth.Has(index.RankOf(at));
            (stays ? kept : ended).Add(new Held(at < 0 ? Segment.Vanished(reader.Name, reader.Group) : segments[at], at, reader.SinceMs));
        }

        for (var i = 0; i < segments.Length; i++)
        {
            if (!truth.Has(index.RankOf(i)) || stored.Has(i)) continue;
            var previous = TakePrevious(ended, segments[i].Group);
            judgement.ChangeList.Add(new SegmentChange(segments[i], previous, Entered: true, First: first));
            kept.Add(new Held(segments[i], i, now));
        }
        foreach (var left in ended) judgement.ChangeList.Add(new SegmentChange(left.Segment, null, Entered: false, First: false));
        Order(judgement.ChangeList);
        judgement.Writer.Write(kept);
    }

    /// <summary>
    /// The segment of the group that the entered one follows, taken out of those that ended. There is one at most, but for rule sets
    /// that moved segments between groups: then it is the latest entered, and the others are left.
    /// </summary>
    private static Segment? TakePrevious(List<Held> ended, string? group)
    {
        if (group is null) return null;
        var best = -1;
        for (var i = 0; i < ended.Count; i++)
            if (ended[i].Segment.Group == group && (best < 0 || ended[i].SinceMs > ended[best].SinceMs)) best = i;
        if (best < 0) return null;
        var previous = ended[best].Segment;
        ended.RemoveAt(best);
        return previous;
    }

    private static void Order(List<SegmentChange> changes)
    {
        if (changes.Count > 1) changes.Sort(static (a, b) => Compare(a.Segment, b.Segment));
    }

    private static int Compare(Segment a, Segment b)
    {
        if (a.HasVanished != b.HasVanished) return a.HasVanished ? -1 : 1;
        return a.Order != b.Order ? a.Order.CompareTo(b.Order) : string.CompareOrdinal(a.Name, b.Name);
    }
}
