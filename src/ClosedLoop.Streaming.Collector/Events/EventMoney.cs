namespace ClosedLoop.Streaming.Collector;

/// <summary>The money of an event of <c>/v1/events</c>.</summary>
internal static class EventMoney
{
    private static readonly (EventMember Member, Field Field)[] Amounts =
    [
        (EventMember.Revenue, Field.Revenue), (EventMember.Amount, Field.Amount), (EventMember.Discount, Field.Discount),
    ];

    public static Refusal Check(EventDraft draft, DoorSite site, out string detail)
    {
        foreach (var (member, _) in Amounts)
        {
            if (!draft.Has(member) || draft[member] == Given.Number && MoneyText.TryParse(draft.Text(member), out _)) continue;
            detail = $"{EventMembers.Name(member)} is a number from 0 to 100,000,000,000.";
            return Refusal.BadMoney;
        }
        if (draft.Has(EventMember.GrossProfit) && !TrySigned(draft, out _))
        {
            detail = "gross_profit is a number of at most 100,000,000,000 either way.";
            return Refusal.BadMoney;
        }
        if (draft.Has(EventMember.Items) && (draft[EventMember.Items] != Given.Array || draft.Items.Broken))
        {
            detail = $"items is an array of at most {TextLimits.ItemsMax} objects whose price, cost and quantity are numbers from 0 on.";
            return Refusal.BadItems;
        }
        detail = "";
        if (!draft.Has(EventMember.Currency)) return Refusal.None;
        if (draft[EventMember.Currency] != Given.Text || !MoneyText.IsCurrency(draft.Text(EventMember.Currency)))
        {
            detail = "currency is three capital letters, as in EUR.";
            return Refusal.BadCurrency;
        }
        if (MoneyText.IsOf(draft.Text(EventMember.Currency), site.Site.Currency)) return Refusal.None;
        detail = $"The site counts in {site.Site.Currency}, and rates for other currencies are not configured yet.";
        return Refusal.CurrencyWithoutRate;
    }

    public static void Write(RecordWriter record, EventDraft draft, DoorSite site)
    {
        var any = false;
        foreach (var (member, field) in Amounts)
        {
            if (!draft.Has(member) || !MoneyText.TryParse(draft.Text(member), out var money)) continue;
            record.Add(field, money);
            any = true;
        }
        if (TrySigned(draft, out var profit)) record.Add(Field.GrossProfit, profit);
        else if (draft.Items.Cost is { } cost && MoneyText.TryParse(draft.Text(EventMember.Revenue), out var revenue)
            // What the items cost is taken from what was paid, so that a discount is in it already.
            && Money.TryFrom(Money.ToDecimal(revenue) - cost, out var left))
            record.Add(Field.GrossProfit, left);
        // Without a currency money is the site's own.
        if (any) record.Add(Field.Currency, site.Site.Currency);
        record.Add(Field.Categories, draft.Items.Categories());
    }

    private static bool TrySigned(EventDraft draft, out long money)
    {
        money = 0;
        var text = draft.Text(EventMember.GrossProfit);
        return draft[EventMember.GrossProfit] == Given.Number && MoneyText.TryDecimal(text, out var value) && Money.TryFrom(value, out money);
    }
}
