namespace ClosedLoop.Streaming.Visitors;

/// <summary>Orders of a person added up; money in 1/10,000, net of refunds.</summary>
public readonly record struct OrderSums(int Count, long Revenue, long Gross, long Profit, int ProfitKnown, long Discount);

public sealed partial class Person
{
    public OrderSums Orders()
    {
        var sums = default(OrderSums);
        foreach (ref readonly var known in AllOrders())
        {
            var order = known.Order;
            if (!order.Bought) continue;
            sums = new OrderSums(
                sums.Count + 1, sums.Revenue + order.Net, sums.Gross + order.Revenue, sums.Profit + ((order.Flags & OrderFlags.ProfitKnown) != 0 ? order.NetProfit : 0),
                sums.ProfitKnown + ((order.Flags & OrderFlags.ProfitKnown) != 0 ? 1 : 0), sums.Discount + order.Discount);
        }
        return sums;
    }

    private int PurchaseDays()
    {
        Span<int> days = stackalloc int[64];
        var count = 0;
        foreach (ref readonly var known in AllOrders())
        {
            if (!known.Order.Bought || days[..count].Contains(known.Order.Day)) continue;
            // Rules ask for a handful of days; over the cap it is simply "many".
            if (count == days.Length) return count;
            days[count++] = known.Order.Day;
        }
        return count;
    }

    private long LastOrder()
    {
        var last = 0L;
        foreach (ref readonly var known in AllOrders())
            if (known.Order.Bought && known.Order.At > last) last = known.Order.At;
        return last;
    }

    private int LastScore()
    {
        var (score, at, key) = (-1, long.MinValue, 0UL);
        foreach (var part in _parts)
            if (part.Score >= 0 && (part.ScoreAt > at || part.ScoreAt == at && part.ScoreKey > key))
                (score, at, key) = (part.Score, part.ScoreAt, part.ScoreKey);
        return score;
    }
}
