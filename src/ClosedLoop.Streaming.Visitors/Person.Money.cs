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
                sums.Count + 1, sums.Revenue + order.Net, sums.Gross + order.Revenue, sums.Profit + order.Profit,
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

    private int OpenDeals()
    {
        var count = 0;
        foreach (ref readonly var known in AllDeals())
            if (known.Deal.State == DealState.Open) count++;
        return count;
    }

    private long WonDeals()
    {
        var sum = 0L;
        foreach (ref readonly var known in AllDeals())
            if (known.Deal.State == DealState.Won) sum += known.Deal.Amount;
        return sum;
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

    /// <summary>The stage and since when (unix ms): all steps of all parts by (time, key); implicit ones only lead forward.</summary>
    public (Stage Stage, long Since) StageNow()
    {
        var (stage, since) = (Stage.Visitor, MomentOfFirstVisit());
        if (_parts.Count == 1)
        {
            foreach (ref readonly var step in _parts[0].Steps.Span) Take(step, ref stage, ref since);
            return (stage, since);
        }
        var count = 0;
        foreach (var part in _parts) count += part.Steps.Count;
        if (count == 0) return (stage, since);
        _steps.Clear();
        foreach (var part in _parts) foreach (ref readonly var step in part.Steps.Span) _steps.Add(step);
        _steps.Span.Sort(static (a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Key.CompareTo(b.Key));
        foreach (ref readonly var step in _steps.Span) Take(step, ref stage, ref since);
        return (stage, since);
    }

    private readonly Slots<StageStep> _steps = new();

    private long MomentOfFirstVisit() => MomentOf(TimeMeasure.FirstVisit);

    private static void Take(in StageStep step, ref Stage stage, ref long since)
    {
        if (step.Stage == stage || step.Stage < stage && !step.Back) return;
        (stage, since) = (step.Stage, step.At);
    }
}
