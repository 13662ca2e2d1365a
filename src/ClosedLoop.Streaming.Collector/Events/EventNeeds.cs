namespace ClosedLoop.Streaming.Collector;

/// <summary>Which of the things that an event needs it doesn't have.</summary>
internal static class EventNeeds
{
    private static readonly (Needs Need, EventMember Member)[] Table =
    [
        (Needs.Url, EventMember.Url), (Needs.Form, EventMember.Form), (Needs.OrderId, EventMember.OrderId),
        (Needs.Revenue, EventMember.Revenue), (Needs.Currency, EventMember.Currency), (Needs.Amount, EventMember.Amount),
        (Needs.Stage, EventMember.Stage), (Needs.Channel, EventMember.Channel), (Needs.Direction, EventMember.Direction),
        (Needs.DealId, EventMember.DealId), (Needs.DealStage, EventMember.DealStage), (Needs.Reason, EventMember.Reason),
        (Needs.Score, EventMember.Score), (Needs.Question, EventMember.Question), (Needs.Answer, EventMember.Answer),
    ];

    public static Needs Missing(EventDraft draft, Needs needs, bool leadKnown)
    {
        var missing = Needs.None;
        if (needs.HasFlag(Needs.Lead) && !leadKnown) missing |= Needs.Lead;
        if (needs.HasFlag(Needs.TwoVisitors) && !(draft.Has(EventMember.VisitorId) && draft.Has(EventMember.OtherVisitorId))) missing |= Needs.TwoVisitors;
        // A mailing's campaign is named as text or by an object.
        if (needs.HasFlag(Needs.Campaign) && draft.Text(EventMember.Campaign).IsEmpty && draft.Text(EventMember.CampaignName).IsEmpty) missing |= Needs.Campaign;
        foreach (var (need, member) in Table)
            if (needs.HasFlag(need) && draft.Text(member).IsEmpty) missing |= need;
        // A deal that became no order of the shop is given back, and paid, by its own id.
        if (needs.HasFlag(Needs.DealToo) && !draft.Text(EventMember.DealId).IsEmpty) missing &= ~Needs.OrderId;
        return missing;
    }

    /// <summary>The first of what is missing, as a member.</summary>
    public static EventMember MemberOf(EventDraft draft, Needs missing)
    {
        if (missing.HasFlag(Needs.Lead)) return EventMember.Lead;
        if (missing.HasFlag(Needs.TwoVisitors)) return draft.Has(EventMember.VisitorId) ? EventMember.OtherVisitorId : EventMember.VisitorId;
        foreach (var (need, member) in Table)
            if (missing.HasFlag(need)) return member;
        return EventMember.Campaign;
    }

    public static bool IsStage(ReadOnlySpan<byte> stage) =>
        stage.SequenceEqual("lead"u8) || stage.SequenceEqual("mql"u8) || stage.SequenceEqual("sql"u8)
        || stage.SequenceEqual("customer"u8) || stage.SequenceEqual("lost"u8);
}
