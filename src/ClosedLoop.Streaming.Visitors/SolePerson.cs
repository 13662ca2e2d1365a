namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// A person of one part, which is what every anonymous visitor is: the same answers as <see cref="Person"/> gives, without adding up. As a struct it
/// is compiled into the rules' loop. What few people have (orders, deals, forms, traits) is asked of the person itself.
/// </summary>
public readonly struct SolePerson(History history, Person person) : IMeasures
{
    public bool TryNumber(NumberMeasure measure, out double value)
    {
        if (measure == NumberMeasure.PageViews)
        {
            value = history.PageViews;
            return true;
        }
        if (measure == NumberMeasure.Sessions)
        {
            value = history.Sessions.Count + history.SessionsDropped;
            return true;
        }
        value = 0;
        if (history.Orders.Count + history.Deals.Count > 0 || history.Score >= 0) return person.TryNumber(measure, out value);
        return measure is NumberMeasure.Orders or NumberMeasure.PurchaseDays or NumberMeasure.OpenDeals or NumberMeasure.Revenue
            || measure is not (NumberMeasure.LastSatisfaction or NumberMeasure.GrossProfit or NumberMeasure.AverageOrder or NumberMeasure.DiscountShare)
            && person.TryNumber(measure, out value);
    }

    public long MomentOf(TimeMeasure measure) => measure switch
    {
        TimeMeasure.FirstVisit => history.FirstSeen,
        TimeMeasure.LastVisit => history.LastSeen,
        TimeMeasure.LastActivity => history.LastActivity,
        TimeMeasure.LastContact => history.LastContact,
        TimeMeasure.LastOrder when history.Orders.Count == 0 => 0,
        TimeMeasure.StageEntered when history.Steps.Count + history.Deals.Count == 0 => history.FirstSeen,
        _ => person.MomentOf(measure),
    };

    public ReadOnlySpan<byte> TextOf(TextMeasure measure) => measure switch
    {
        TextMeasure.Stage when history.Steps.Count + history.Deals.Count == 0 => Person.StageText(Stage.Visitor),
        TextMeasure.Channel => history.Sessions.Count == 0 ? default : history.ChannelOf(history.Sessions.Last.Source),
        TextMeasure.FirstChannel => history.Sessions.Count == 0 ? default : history.ChannelOf(history.Sessions[0].Source),
        TextMeasure.Source => history.Sessions.Count == 0 || history.Sessions.Last.Source < 0 ? default : history.Sources.TextOf(history.Sessions.Last.Source, 1),
        TextMeasure.Campaign => history.Sessions.Count == 0 || history.Sessions.Last.Source < 0 ? default : history.Sources.TextOf(history.Sessions.Last.Source, 3),
        TextMeasure.Country => history[history.Country.Text],
        TextMeasure.Device => history[history.Device.Text],
        _ => person.TextOf(measure),
    };

    public ReadOnlySpan<byte> Trait(ReadOnlySpan<byte> name) => history.Traits.Count == 0 ? default : person.Trait(name);

    public ReadOnlySpan<byte> Arm(ReadOnlySpan<byte> experiment) => person.Arm(experiment);

    public long FormSent(ReadOnlySpan<byte> form) => history.Forms.Count == 0 ? 0 : person.FormSent(form);

    public int CountAfter(ReadOnlySpan<byte> name, long afterMs, out long oldestMs)
    {
        oldestMs = 0;
        var number = history.KnownName(name);
        return number < 0 ? 0 : Moments.Count(history.OldMoments.Span, history.Recent.Span, number, afterMs, out oldestMs);
    }

    public long MomentAfter(ReadOnlySpan<byte> name, long afterMs, int place) =>
        Moments.At(history.OldMoments.Span, history.Recent.Span, history.KnownName(name), afterMs, place);

    public bool Visited(ReadOnlySpan<byte> path, bool prefix)
    {
        foreach (ref readonly var page in history.Pages.Span)
        {
            if (page.Length < path.Length || !prefix && page.Length != path.Length) continue;
            if (history[page][..path.Length].SequenceEqual(path)) return true;
        }
        return false;
    }

    public bool CartOpen => history.LastCart != 0 && person.CartOpen;

    public bool Consented => history.ConsentSaid == 0 || person.Consented;
}
