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
            case EventNames.DealLost: Dealt(history, e, at, key, DealState.Lost); break;
            case EventNames.StageChanged: Staged(history, e, at, key); break;
        }
        if (NamesPerson(e) && name != EventNames.StageChanged) AddStep(history, new StageStep(at, key, Stage.Lead, false, false));
    }

    private static bool NamesPerson(RecordReader e) => e.Has(Field.Email) || e.Has(Field.Phone) || e.Has(Field.ExternalId);

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
        order.Flags = OrderFlags.Bought;
        if (e.Has(Field.GrossProfit)) order.Flags |= OrderFlags.ProfitKnown;
        if (!Repetition.IsTrusted(e)) order.Flags |= OrderFlags.Untrusted;
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
        if (!Repetition.IsTrusted(e) || !e.Has(Field.OrderId)) return;
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
        // A deal without a key would put anybody "in progress".
        if (!Repetition.IsTrusted(e) || !e.Has(Field.DealId)) return;
        if (state == DealState.Lost) history.LostReason = HistoryWriter.Latest(history, history.LostReason, e[Field.Reason], at, key);
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
            history.Deals.Insert(place, new Deal(dealKey, history.Keep(e[Field.DealId], 128), default, default, long.MinValue, 0, DealState.Open, 0));
        }
        // Also where something later has been said already: whoever won a deal once became a customer then.
        if (state == DealState.Won) AddStep(history, new StageStep(at, key, Stage.Customer, false, false));
        ref var deal = ref history.Deals[place];
        if (deal.At > at || deal.At == at && deal.AtKey >= key) return;
        deal = deal with
        {
            At = at, AtKey = key, State = state,
            Amount = e.Has(Field.Revenue) ? e.Int(Field.Revenue) : e.Has(Field.Amount) ? e.Int(Field.Amount) : deal.Amount,
            Step = e.Has(Field.DealStage) ? history.Keep(e[Field.DealStage], 64) : deal.Step,
            Reason = history.Keep(e[Field.Reason]),
        };
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
        var place = steps.Count;
        while (place > 0 && (steps[place - 1].At > step.At || steps[place - 1].At == step.At && steps[place - 1].Key > step.Key)) place--;
        steps.Insert(place, step);
        Thin(steps, history.NewestAt - Limits.LateMsMax);
        if (steps.Count <= Limits.StageStepsMax) return;
        steps.RemoveRange(1, 1);
        history.Capped = true;
    }

    // Of implicit steps to one stage between two explicit ones the first says since when, and the last whether one came after a step back
    // that another browser or the CRM knows of. Only behind 72 h, where nothing comes between any more, so that the order of arrival doesn't matter.
    private static void Thin(Slots<StageStep> steps, long boundary)
    {
        for (var i = 1; i < steps.Count && steps[i].At < boundary; i++)
        {
            if (steps[i].Explicit) continue;
            var (before, after) = (Neighbour(steps, i, -1), Neighbour(steps, i, 1));
            if (before < 0 || after < 0 || steps[after].At >= boundary) continue;
            steps.RemoveRange(i--, 1);
        }
    }

    /// <summary>The next step of the same stage on that side, with no explicit one between; −1 none.</summary>
    private static int Neighbour(Slots<StageStep> steps, int of, int side)
    {
        for (var i = of + side; i >= 0 && i < steps.Count && !steps[i].Explicit; i += side)
            if (steps[i].Stage == steps[of].Stage) return i;
        return -1;
    }
}
