namespace ClosedLoop.Streaming.Collector;

/// <summary>Whether what an event says has the kind of value that its members have, and where it hasn't.</summary>
internal static class EventShapes
{
    private static readonly EventMember[] Texts =
    [
        EventMember.Referrer, EventMember.Title, EventMember.UserAgent, EventMember.Ip, EventMember.Language, EventMember.Timezone,
        EventMember.Source, EventMember.Medium, EventMember.CampaignName, EventMember.Term, EventMember.Content, EventMember.ClickId, EventMember.Network,
    ];

    private static readonly EventMember[] TextsOrNumbers = [EventMember.EventId, EventMember.UserId, EventMember.CampaignId];

    // Of an event of our own table these mean what the table says; any other event may mean something else by the words.
    private static readonly EventMember[] OwnTexts =
    [
        EventMember.Stage, EventMember.Reason, EventMember.Channel, EventMember.Direction, EventMember.Form, EventMember.Question, EventMember.HeardFrom,
        EventMember.Category,
    ];

    private static readonly EventMember[] OwnTextsOrNumbers = [EventMember.Coupon, EventMember.DealStage, EventMember.Answer];

    private static readonly EventMember[] Ids = [EventMember.OrderId, EventMember.DealId];

    /// <summary>None, or why not, with the member that is wrong.</summary>
    public static Refusal Check(EventDraft draft, bool isCustom, out EventMember wrong, out string detail)
    {
        detail = "";
        if (Find(draft, Texts, numbers: false, out wrong) || !isCustom && Find(draft, OwnTexts, numbers: false, out wrong))
        {
            detail = $"{EventMembers.Name(wrong)} is text.";
            return Refusal.BadType;
        }
        if (Find(draft, TextsOrNumbers, numbers: true, out wrong) || !isCustom && (Find(draft, OwnTextsOrNumbers, numbers: true, out wrong) || Find(draft, Ids, numbers: true, out wrong)))
        {
            detail = $"{EventMembers.Name(wrong)} is text or a number.";
            return Refusal.BadType;
        }
        if (isCustom) return Refusal.None;
        foreach (var id in Ids)
        {
            if (!draft.Has(id) || IsId(draft.Text(id))) continue;
            wrong = id;
            detail = $"{EventMembers.Name(id)} is text of 1 to {TextLimits.OrderIdBytesMax} bytes without control characters.";
            return Refusal.BadId;
        }
        return Refusal.None;
    }

    /// <summary>The member that a refusal of money is about.</summary>
    public static string MoneyPath(EventDraft draft, Refusal refusal)
    {
        if (refusal == Refusal.BadItems) return draft.PathOf(EventMember.Items) + (draft[EventMember.Items] == Given.Array ? draft.Items.BrokenAt : "");
        if (refusal != Refusal.BadMoney) return draft.PathOf(EventMember.Currency);
        foreach (var amount in (ReadOnlySpan<EventMember>)[EventMember.Revenue, EventMember.Amount, EventMember.Discount])
            if (draft.Has(amount) && !(draft[amount] == Given.Number && MoneyText.TryParse(draft.Text(amount), out _))) return draft.PathOf(amount);
        return draft.PathOf(draft.Has(EventMember.GrossProfit) ? EventMember.GrossProfit : draft.Has(EventMember.Revenue) ? EventMember.Revenue : EventMember.Amount);
    }

    /// <summary>Two ids that are cut at one length would be one: what is too long is refused. Blank is none.</summary>
    private static bool IsId(ReadOnlySpan<byte> text)
    {
        if (text.Length > TextLimits.OrderIdBytesMax) return false;
        var any = false;
        foreach (var b in text)
        {
            if (b is < 0x20 or 0x7F) return false;
            any |= b != ' ';
        }
        return any;
    }

    private static bool Find(EventDraft draft, EventMember[] members, bool numbers, out EventMember wrong)
    {
        foreach (var member in members)
        {
            wrong = member;
            if (draft[member] is not (Given.Absent or Given.Text) && !(numbers && draft[member] == Given.Number)) return true;
        }
        wrong = EventMember.None;
        return false;
    }
}
