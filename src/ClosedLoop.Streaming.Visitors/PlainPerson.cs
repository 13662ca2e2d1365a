namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// The measures of a visitor who has only looked at pages: the same answers as <see cref="Person"/> gives. What is fixed no page view can move:
/// rules may have had it answered beforehand.
/// </summary>
public readonly ref struct PlainPerson(scoped ref readonly PlainHistory history) : IMeasures
{
    private readonly PlainHistory _history = history;

    public static bool IsFixed(NumberMeasure measure) => measure is NumberMeasure.Orders or NumberMeasure.PurchaseDays or NumberMeasure.OpenDeals
        or NumberMeasure.Revenue or NumberMeasure.GrossProfit or NumberMeasure.AverageOrder or NumberMeasure.DiscountShare or NumberMeasure.LastSatisfaction;

    public static bool IsFixed(TimeMeasure measure) => measure is TimeMeasure.LastOrder or TimeMeasure.LastContact;

    public static bool IsFixed(TextMeasure measure) =>
        measure is TextMeasure.Stage or TextMeasure.PreferredContact or TextMeasure.Affinity or TextMeasure.LostReason;

    public bool TryNumber(NumberMeasure measure, out double value)
    {
        value = measure switch
        {
            NumberMeasure.PageViews => _history.PageViews,
            NumberMeasure.Sessions => _history.SessionCount,
            _ => 0,
        };
        // Nothing was bought, and nobody was asked: sums are 0, averages and answers absent.
        return measure is NumberMeasure.PageViews or NumberMeasure.Sessions or NumberMeasure.Orders or NumberMeasure.PurchaseDays
            or NumberMeasure.OpenDeals or NumberMeasure.Revenue;
    }

    public long MomentOf(TimeMeasure measure) => measure switch
    {
        TimeMeasure.FirstVisit or TimeMeasure.StageEntered => _history.FirstSeen,
        TimeMeasure.LastVisit => _history.LastSeen,
        TimeMeasure.LastActivity => _history.LastActivity,
        _ => 0,
    };

    public ReadOnlySpan<byte> TextOf(TextMeasure measure)
    {
        switch (measure)
        {
            case TextMeasure.Country: return _history.Country.Text;
            case TextMeasure.Device: return _history.Device.Text;
            case TextMeasure.Channel or TextMeasure.FirstChannel or TextMeasure.Source or TextMeasure.Campaign:
                if (_history.SessionCount == _history.SessionsDropped) return default;
                return measure switch
                {
                    TextMeasure.Channel => _history.ChannelOf(_history.Last.Source),
                    TextMeasure.FirstChannel => _history.ChannelOf(_history.First.Source),
                    TextMeasure.Source => _history.SourceText(_history.Last.Source, 1),
                    _ => _history.SourceText(_history.Last.Source, 3),
                };
            case TextMeasure.Stage: return Person.StageText(Stage.Visitor);
            default: return default;
        }
    }

    public ReadOnlySpan<byte> Trait(ReadOnlySpan<byte> name) => default;

    public ReadOnlySpan<byte> Arm(ReadOnlySpan<byte> experiment) => default;

    public long FormSent(ReadOnlySpan<byte> form) => 0;

    public int CountAfter(ReadOnlySpan<byte> name, long afterMs, out long oldestMs)
    {
        oldestMs = 0;
        // Names of the site's own have no number here: a plain history has no table of them.
        var number = EventNames.NumberOf(name);
        return number < 0 ? 0 : Moments.Count(_history.OldMoments, _history.Recent, number, afterMs, out oldestMs);
    }

    public long MomentAfter(ReadOnlySpan<byte> name, long afterMs, int place) =>
        Moments.At(_history.OldMoments, _history.Recent, EventNames.NumberOf(name), afterMs, place);

    public bool Visited(ReadOnlySpan<byte> path, bool prefix) => _history.Pages.Any(path, prefix);

    public bool CartOpen => false;

    public bool Consented => true;
}
