using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The money of an event of <c>/v1/events</c>.</summary>
internal static class EventMoney
{
    private static readonly (EventMember Member, Field Field)[] Amounts =
    [
        (EventMember.Revenue, Field.Revenue), (EventMember.Amount, Field.Amount), (EventMember.Discount, Field.Discount),
    ];

    /// <param name="exchange">How the amounts become the site's, by the rate of the day on which it happened.</param>
    public static Refusal Check(EventDraft draft, DoorSite site, Rates rates, long occurredMs, out Exchange exchange, out string detail)
    {
        exchange = Exchange.None;
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
        return Converts(draft, site, rates, occurredMs, out exchange, out detail);
    }

    private static Refusal Converts(EventDraft draft, DoorSite site, Rates rates, long occurredMs, out Exchange exchange, out string detail)
    {
        var currency = Encoding.UTF8.GetString(draft.Text(EventMember.Currency));
        var day = Rates.DayOf(occurredMs, site.Site);
        exchange = rates.Find(currency, site.Site, day) ?? default;
        detail = exchange == default ? rates.Missing(currency, site.Site, day) : "";
        if (exchange == default) return Refusal.CurrencyWithoutRate;
        foreach (var (member, _) in Amounts)
        {
            if (!MoneyText.TryParse(draft.Text(member), out var money) || exchange.TryApply(money, out _)) continue;
            detail = $"{EventMembers.Name(member)} is over 100,000,000,000 {site.Site.Currency} at the rate of the day.";
            return Refusal.BadMoney;
        }
        return Refusal.None;
    }

    public static void Write(RecordWriter record, EventDraft draft, DoorSite site, Exchange exchange)
    {
        var (any, original) = (false, 0L);
        foreach (var (member, field) in Amounts)
        {
            if (!draft.Has(member) || !MoneyText.TryParse(draft.Text(member), out var said) || !exchange.TryApply(said, out var money)) continue;
            record.Add(field, money);
            if (!any) original = said;
            any = true;
        }
        if (TryProfit(draft, out var profit) && exchange.TryApply(profit, out profit)) record.Add(Field.GrossProfit, profit);
        // Without a currency money is the site's own.
        if (any) record.Add(Field.Currency, site.Site.Currency);
        if (any && !exchange.IsNone)
            record.Add(Field.OriginalCurrency, draft.Text(EventMember.Currency)).Add(Field.OriginalAmount, original).Add(Field.Rate, exchange.Billionths);
        record.Add(Field.Categories, draft.Items.Categories());
    }

    /// <summary>In the currency of the event.</summary>
    private static bool TryProfit(EventDraft draft, out long profit)
    {
        if (TrySigned(draft, out profit)) return true;
        // What the items cost is taken from what was paid, so that a discount is in it already.
        return draft.Items.Cost is { } cost && MoneyText.TryParse(draft.Text(EventMember.Revenue), out var revenue)
            && Money.TryFrom(Money.ToDecimal(revenue) - cost, out profit);
    }

    private static bool TrySigned(EventDraft draft, out long money)
    {
        money = 0;
        var text = draft.Text(EventMember.GrossProfit);
        return draft[EventMember.GrossProfit] == Given.Number && MoneyText.TryDecimal(text, out var value) && Money.TryFrom(value, out money);
    }
}
