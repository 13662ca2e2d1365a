using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>What an event says of orders, deals and stages. Every line is keyed, so that order of arrival doesn't matter.</summary>
internal static class MoneyWriter
{
    public static void Apply(History history, RecordReader e, ushort name, long at, ulong key, SiteRules site)
    {
        switch (name)
        {
            case EventNames.Purchase: Bought(history, e, at, key, site); break;
            case EventNames.Refund: Refunded(history, e, at, key); break;
            case EventNames.DealOpened or EventNames.DealMoved: Dealt(history, e, at, key, DealState.Open); break;
            case EventNames.DealWon: Dealt(history, e, at, key, DealState.Won); break;
            case EventNames.DealLost:
                Dealt(history, e, at, key, DealState.Lost);
                history.LostReason = HistoryWriter.Latest(history, history.LostReason, e[Field.Reason], at, key);
                break;
            case EventNames.StageChanged: Staged(history, e, at, key); break;
        }
        if (NamesPerson(e) && name != EventNames.StageChanged) AddStep(history, new StageStep(at, key, Stage.Lead, false, false));
    }

    private static bool NamesPerson(RecordReader e) => e.Has(Field.Email) || e.Has(Field.Phone) || e.Has(Field.ExternalId);

    private static bool IsTrusted(RecordReader e) => (e.Flags & (EventFlags.Verified | EventFlags.MoneyTrusted)) != 0;

    private static void Bought(History history, RecordReader e, long at, ulong key, SiteRules site)
    {
        if (!e.Has(Field.OrderId)) return;
        ref var order = ref OrderOf(history, e[Field.OrderId]);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref order)) return;
        order.At = at;
        order.AtKey = key;
        order.Revenue = e.Int(Field.Revenue);
        order.Discount = e.Int(Field.Discount);
        order.Profit = e.Int(Field.GrossProfit);
        order.Day = DayOf(at, site.Zone);
        order.Flags |= OrderFlags.Bought;
        if (e.Has(Field.GrossProfit)) order.Flags |= OrderFlags.ProfitKnown;
        if (!IsTrusted(e)) order.Flags |= OrderFlags.Untrusted;
        else AddStep(history, new StageStep(at, key, Stage.Customer, false, false));
    }

    /// <summary>Number of the day since 1970 in the site's zone: purchases of one day count once.</summary>
    private static int DayOf(long at, TimeZoneInfo zone)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(at);
        return (int)Math.Floor((at + zone.GetUtcOffset(utc).TotalMilliseconds) / 86_400_000);
    }

    private static void Refunded(History history, RecordReader e, long at, ulong key)
    {
        if (!IsTrusted(e) || !e.Has(Field.OrderId)) return;
        ref var order = ref OrderOf(history, e[Field.OrderId]);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref order)) return;
        order.Refunded += Math.Abs(e.Int(Field.Revenue));
    }

    private static ref Order OrderOf(History history, ReadOnlySpan<byte> orderId)
    {
        var orderKey = Repetition.OrderKey(orderId);
        foreach (ref var order in history.Orders.Span)
            if (order.Key == orderKey) return ref order;
        if (history.Orders.Count == Limits.OrdersMax)
        {
            history.Capped = true;
            return ref System.Runtime.CompilerServices.Unsafe.NullRef<Order>();
        }
        var place = history.Orders.Count;
        while (place > 0 && history.Orders[place - 1].Key > orderKey) place--;
        history.Orders.Insert(place, new Order(orderKey, history.Keep(orderId, 128), 0, 0, 0, 0, 0, 0, 0, OrderFlags.None));
        return ref history.Orders[place];
    }

    private static void Dealt(History history, RecordReader e, long at, ulong key, DealState state)
    {
        if (!e.Has(Field.DealId)) return;
        var dealKey = Repetition.DealKey(e[Field.DealId]);
        var place = 0;
        while (place < history.Deals.Count && history.Deals[place].Key < dealKey) place++;
        if (place == history.Deals.Count || history.Deals[place].Key != dealKey)
        {
            if (history.Deals.Count == Limits.DealsMax)
            {
                history.Capped = true;
                return;
            }
            history.Deals.Insert(place, new Deal(dealKey, history.Keep(e[Field.DealId], 128), default, default, long.MinValue, 0, DealState.Open, 0, false));
        }
        ref var deal = ref history.Deals[place];
        if (deal.At > at || deal.At == at && deal.AtKey >= key) return;
        deal = deal with
        {
            At = at, AtKey = key, State = state,
            Amount = e.Has(Field.Revenue) ? e.Int(Field.Revenue) : e.Has(Field.Amount) ? e.Int(Field.Amount) : deal.Amount,
            Step = e.Has(Field.DealStage) ? history.Keep(e[Field.DealStage], 64) : deal.Step,
            Reason = history.Keep(e[Field.Reason]),
            Untrusted = !IsTrusted(e),
        };
        if (state == DealState.Won && IsTrusted(e)) AddStep(history, new StageStep(at, key, Stage.Customer, false, false));
    }

    private static void Staged(History history, RecordReader e, long at, ulong key)
    {
        var text = e[Field.Stage];
        var stage = text.SequenceEqual("customer"u8) ? Stage.Customer : text.SequenceEqual("sql"u8) ? Stage.Sql
            : text.SequenceEqual("mql"u8) ? Stage.Mql : Stage.Lead;
        AddStep(history, new StageStep(at, key, stage, true, e.Has(Field.Reason)));
    }

    private static void AddStep(History history, in StageStep step)
    {
        var steps = history.Steps;
        // Of implicit steps to one stage only the earliest since the last step back can matter; the rest would only fill the list.
        if (!step.Explicit && steps.Count >= 8 && IsCovered(steps, step)) return;
        var place = steps.Count;
        while (place > 0 && (steps[place - 1].At > step.At || steps[place - 1].At == step.At && steps[place - 1].Key > step.Key)) place--;
        steps.Insert(place, step);
        if (steps.Count <= Limits.StageStepsMax) return;
        steps.RemoveRange(1, 1);
        history.Capped = true;
    }

    private static bool IsCovered(Slots<StageStep> steps, in StageStep step)
    {
        foreach (ref readonly var known in steps.Span) if (known.Back) return false;
        foreach (ref readonly var known in steps.Span) if (!known.Explicit && known.Stage == step.Stage && known.At <= step.At) return true;
        return false;
    }
}
