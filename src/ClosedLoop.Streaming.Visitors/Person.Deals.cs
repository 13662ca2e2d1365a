namespace ClosedLoop.Streaming.Visitors;

/// <summary>A deal as all parts of a person know it, and the part that holds its texts.</summary>
public readonly record struct PersonDeal(Deal Deal, History Part);

public sealed partial class Person
{
    private readonly List<PersonDeal> _deals = [];

    /// <summary>
    /// Each deal once. What was said last stands, since when it was said first in a row: a second "won" is no new win. The amount is the last
    /// that was named until then. Net of refunds that name the deal, or the order it became. By key; valid until the next call.
    /// </summary>
    public ReadOnlySpan<PersonDeal> AllDeals()
    {
        _deals.Clear();
        foreach (var part in _parts)
            foreach (ref readonly var word in part.Deals.Span) _deals.Add(new PersonDeal(word, part));
        if (_deals.Count == 0) return [];
        if (_parts.Count > 1)
            _deals.Sort(static (a, b) => (a.Deal.Key, a.Deal.At, a.Deal.AtKey).CompareTo((b.Deal.Key, b.Deal.At, b.Deal.AtKey)));
        var kept = 0;
        for (var i = 1; i < _deals.Count; i++)
        {
            if (_deals[i].Deal.Key != _deals[kept].Deal.Key) _deals[++kept] = _deals[i];
            else if (_deals[i].Deal.State == DealState.Open || _deals[i].Deal.State != _deals[kept].Deal.State)
                _deals[kept] = _deals[i] with { Deal = After(_deals[kept].Deal, _deals[i].Deal) };
        }
        _deals.RemoveRange(kept + 1, _deals.Count - kept - 1);
        TakeRefunds();
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_deals);
    }

    private static Deal After(in Deal before, in Deal word)
    {
        var deal = word;
        if ((word.Flags & DealFlags.AmountKnown) == 0) deal = deal with { Amount = before.Amount, Flags = deal.Flags | before.Flags & DealFlags.AmountKnown };
        return word.OrderKey == 0 ? deal with { OrderKey = before.OrderKey } : deal;
    }

    private void TakeRefunds()
    {
        var any = false;
        foreach (var part in _parts) any |= part.Orders.Count > 0;
        if (!any) return;
        foreach (ref readonly var known in AllOrders())
        {
            // A refund of something that was bought belongs to that order.
            if (known.Order.Refunded == 0 || (known.Order.Flags & OrderFlags.Bought) != 0) continue;
            for (var i = 0; i < _deals.Count; i++)
            {
                var (deal, part) = (_deals[i].Deal, _deals[i].Part);
                if (deal.OrderKey != known.Order.Key && Repetition.OrderKey(part[deal.DealId]) != known.Order.Key) continue;
                _deals[i] = _deals[i] with { Deal = deal with { Refunded = deal.Refunded + known.Order.Refunded, ProfitBack = deal.ProfitBack + known.Order.ProfitBack } };
            }
        }
    }

    private int OpenDeals()
    {
        var count = 0;
        foreach (ref readonly var known in AllDeals())
            if (known.Deal.State == DealState.Open) count++;
        return count;
    }

    /// <summary>Of the deals that are won: revenue, profit as far as it is known, and of how many it is.</summary>
    private (long Revenue, long Profit, int ProfitKnown) WonDeals()
    {
        var (revenue, profit, count) = (0L, 0L, 0);
        foreach (ref readonly var known in AllDeals())
        {
            if (known.Deal.State != DealState.Won) continue;
            revenue += known.Deal.Net;
            if (!known.Deal.ProfitKnown) continue;
            profit += known.Deal.NetProfit;
            count++;
        }
        return (revenue, profit, count);
    }

    /// <summary>Why the person was lost: what sales said of the person while that stands, else of the deal lost last that is still lost.</summary>
    private ReadOnlySpan<byte> LostReason()
    {
        ReadOnlySpan<byte> reason = default;
        (long At, ulong Key) last = (long.MinValue, 0);
        foreach (ref readonly var known in AllDeals())
        {
            if (known.Deal.State != DealState.Lost || known.Deal.Reason.IsEmpty || (known.Deal.At, known.Deal.AtKey).CompareTo(last) <= 0) continue;
            reason = known.Part[known.Deal.Reason];
            last = (known.Deal.At, known.Deal.AtKey);
        }
        foreach (var part in _parts)
        {
            if (part.LostReason.Text.IsEmpty || (part.LostReason.At, part.LostReason.Key).CompareTo(last) <= 0) continue;
            if (StageNow().Stage != Stage.Lost) break;
            reason = part[part.LostReason.Text];
            last = (part.LostReason.At, part.LostReason.Key);
        }
        return reason;
    }
}
