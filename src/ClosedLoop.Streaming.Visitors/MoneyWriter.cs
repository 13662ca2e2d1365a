using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>What an event says of orders. Every line is keyed, so that order of arrival doesn't matter.</summary>
internal static class MoneyWriter
{
    public static void Apply(History history, RecordReader e, ushort name, long at, ulong key, SiteRules site)
    {
        switch (name)
        {
            case EventNames.Purchase: Bought(history, e, at, key, site); break;
            case EventNames.Refund: Refunded(history, e); break;
            case EventNames.DealOpened or EventNames.DealMoved: DealWriter.Apply(history, e, at, key, DealState.Open, site); break;
            case EventNames.DealWon: DealWriter.Apply(history, e, at, key, DealState.Won, site); break;
            case EventNames.DealLost: DealWriter.Apply(history, e, at, key, DealState.Lost, site); break;
            case EventNames.StageChanged: StageWriter.Said(history, e, at, key); break;
        }
        if (NamesPerson(e) && name != EventNames.StageChanged) StageWriter.Add(history, new StageStep(at, key, Stage.Lead, false, false));
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
        else StageWriter.Add(history, new StageStep(at, key, Stage.Customer, false, false));
    }

    /// <summary>Number of the day since 1970 in the site's zone: purchases of one day count once.</summary>
    internal static int DayOf(long at, TimeZoneInfo zone)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(at);
        return (int)Math.Floor((at + zone.GetUtcOffset(utc).TotalMilliseconds) / 86_400_000);
    }

    // A refund names the order, or the deal where no order was made of it. What it gives back of the profit is all of it, unless it says itself
    // that goods came back (its items' cost, or gross_profit).
    private static void Refunded(History history, RecordReader e)
    {
        var id = e.Has(Field.OrderId) ? e[Field.OrderId] : e[Field.DealId];
        if (!Repetition.IsTrusted(e) || id.IsEmpty) return;
        ref var order = ref OrderOf(history, id);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref order)) return;
        var back = Math.Abs(e.Int(Field.Revenue));
        order.Refunded += back;
        order.ProfitBack += e.Has(Field.GrossProfit) ? Math.Clamp(Math.Abs(e.Int(Field.GrossProfit)), 0, back) : back;
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
        history.Orders.Insert(place, new Order(orderKey, history.Keep(orderId, 128), 0, 0, 0, 0, 0, 0, 0, 0, OrderFlags.None));
        return ref history.Orders[place];
    }
}
