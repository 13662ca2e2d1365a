namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// One person as rules and reports see them: the histories of all browsers and what was said of the person, added up.
/// An anonymous visitor is a person of one part.
/// </summary>
public sealed partial class Person : IMeasures
{
    private readonly List<History> _parts = [];

    public IReadOnlyList<History> Parts => _parts;

    public Person Of(History only)
    {
        _parts.Clear();
        _parts.Add(only);
        return this;
    }

    public Person Begin()
    {
        _parts.Clear();
        return this;
    }

    public void Add(History part) => _parts.Add(part);

    public bool TryNumber(NumberMeasure measure, out double value)
    {
        switch (measure)
        {
            case NumberMeasure.PageViews: value = PageViews; return true;
            case NumberMeasure.Sessions: value = SessionCount; return true;
            case NumberMeasure.Orders: value = Orders().Count; return true;
            case NumberMeasure.PurchaseDays: value = PurchaseDays(); return true;
            case NumberMeasure.OpenDeals: value = OpenDeals(); return true;
            case NumberMeasure.LastSatisfaction: value = LastScore(); return value >= 0;
            case NumberMeasure.Revenue: value = Units(Orders().Revenue + WonDeals().Revenue); return true;
            case NumberMeasure.GrossProfit: return TryGrossProfit(out value);
            case NumberMeasure.AverageOrder: return Known(Orders(), o => o.Count > 0, o => Units(o.Revenue) / o.Count, out value);
            case NumberMeasure.DiscountShare:
                return Known(Orders(), o => o.Gross + o.Discount > 0, o => (double)o.Discount / (o.Gross + o.Discount), out value);
            default: value = 0; return false;
        }
    }

    public long PageViews
    {
        get
        {
            var sum = 0L;
            foreach (var part in _parts) sum += part.PageViews;
            return sum;
        }
    }

    public int SessionCount
    {
        get
        {
            var sum = 0;
            foreach (var part in _parts) sum += part.Sessions.Count + part.SessionsDropped;
            return sum;
        }
    }

    public long MomentOf(TimeMeasure measure)
    {
        if (measure == TimeMeasure.LastOrder) return LastOrder();
        if (measure == TimeMeasure.StageEntered) return StageNow().Since;
        var moment = 0L;
        foreach (var part in _parts)
        {
            var own = measure switch
            {
                TimeMeasure.FirstVisit => part.FirstSeen,
                TimeMeasure.LastVisit => part.LastSeen,
                TimeMeasure.LastActivity => part.LastActivity,
                TimeMeasure.LastContact => part.LastContact,
                _ => 0,
            };
            if (own == 0) continue;
            moment = moment == 0 ? own : measure == TimeMeasure.FirstVisit ? Math.Min(moment, own) : Math.Max(moment, own);
        }
        return moment;
    }

    public long FormSent(ReadOnlySpan<byte> form)
    {
        var last = 0L;
        foreach (var part in _parts)
            foreach (ref readonly var sent in part.Forms.Span)
                if (sent.At > last && part[sent.Name].SequenceEqual(form)) last = sent.At;
        return last;
    }

    public int CountAfter(ReadOnlySpan<byte> name, long afterMs, out long oldestMs)
    {
        var count = 0;
        oldestMs = 0;
        foreach (var part in _parts)
        {
            var number = part.KnownName(name);
            if (number < 0) continue;
            foreach (ref readonly var memo in part.Recent.Span)
                if (memo.Name == number && memo.At > afterMs) Add(memo.At, ref count, ref oldestMs);
            foreach (ref readonly var moment in part.OldMoments.Span)
                if (moment.Name == number && moment.At > afterMs) Add(moment.At, ref count, ref oldestMs);
        }
        return count;
    }

    public long MomentAfter(ReadOnlySpan<byte> name, long afterMs, int place)
    {
        _moments.Clear();
        foreach (var part in _parts)
        {
            var number = part.KnownName(name);
            if (number < 0) continue;
            foreach (ref readonly var memo in part.Recent.Span)
                if (memo.Name == number && memo.At > afterMs) _moments.Add(memo.At);
            foreach (ref readonly var moment in part.OldMoments.Span)
                if (moment.Name == number && moment.At > afterMs) _moments.Add(moment.At);
        }
        _moments.Span.Sort();
        return _moments[place];
    }

    private readonly Slots<long> _moments = new();

    private static void Add(long at, ref int count, ref long oldest)
    {
        count++;
        if (oldest == 0 || at < oldest) oldest = at;
    }

    public bool Visited(ReadOnlySpan<byte> path, bool prefix)
    {
        foreach (var part in _parts)
            foreach (ref readonly var page in part.Pages.Span)
                if (prefix ? part[page].StartsWith(path) : part[page].SequenceEqual(path)) return true;
        return false;
    }

    public ReadOnlySpan<byte> Trait(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> value = default;
        (long At, ulong Key) last = (long.MinValue, 0);
        foreach (var part in _parts)
            foreach (ref readonly var trait in part.Traits.Span)
            {
                if ((trait.At, trait.Key).CompareTo(last) <= 0 || !part[trait.Name].SequenceEqual(name)) continue;
                value = part[trait.Value];
                last = (trait.At, trait.Key);
            }
        return value;
    }

    /// <summary>Experiments are a later chapter: nobody is in one.</summary>
    public ReadOnlySpan<byte> Arm(ReadOnlySpan<byte> experiment) => default;

    public bool CartOpen
    {
        get
        {
            var cart = 0L;
            foreach (var part in _parts) cart = Math.Max(cart, part.LastCart);
            return cart > 0 && cart > MomentOf(TimeMeasure.LastOrder);
        }
    }

    public bool Consented
    {
        get
        {
            var (said, at) = (0, 0L);
            foreach (var part in _parts)
                if (part.ConsentSaid != 0 && (part.ConsentAt > at || part.ConsentAt == at && part.ConsentSaid > said)) (said, at) = (part.ConsentSaid, part.ConsentAt);
            return said != 2;
        }
    }

    // Of what says its costs; what doesn't is no profit and no loss.
    private bool TryGrossProfit(out double value)
    {
        var (orders, deals) = (Orders(), WonDeals());
        value = Units(orders.Profit + deals.Profit);
        return orders.ProfitKnown + deals.ProfitKnown > 0;
    }

    private static double Units(long money) => money / (double)Events.Money.Unit;

    private static bool Known(OrderSums sums, Func<OrderSums, bool> isKnown, Func<OrderSums, double> of, out double value)
    {
        var known = isKnown(sums);
        value = known ? of(sums) : 0;
        return known;
    }
}
