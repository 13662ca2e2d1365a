namespace ClosedLoop.Streaming.Visitors;

/// <summary>Measures that are numbers (CONTRACT.md §4). Money is in units of the site's currency.</summary>
public enum NumberMeasure
{
    PageViews, Sessions, Orders, PurchaseDays, OpenDeals, Revenue, GrossProfit, AverageOrder, DiscountShare, LastSatisfaction,
}

/// <summary>Moments behind the <c>days_since_…</c> measures.</summary>
public enum TimeMeasure
{
    FirstVisit, LastVisit, LastActivity, LastOrder, LastContact, StageEntered,
}

/// <summary>Measures that are text.</summary>
public enum TextMeasure
{
    Stage, Channel, FirstChannel, Source, Campaign, Country, Device, PreferredContact, Affinity, LostReason,
}

/// <summary>
/// What a rule may ask of a person: visitor or lead. Pure reads of one state; nothing here knows "now".
/// Text comes as UTF-8, empty when absent. Moments are unix ms, 0 when absent.
/// </summary>
public interface IMeasures
{
    /// <summary>False when absent (for example average_order without orders).</summary>
    bool TryNumber(NumberMeasure measure, out double value);

    long MomentOf(TimeMeasure measure);

    ReadOnlySpan<byte> TextOf(TextMeasure measure);

    /// <summary>Value of a trait as text; empty when absent.</summary>
    ReadOnlySpan<byte> Trait(ReadOnlySpan<byte> name);

    /// <summary>The arm of an experiment; empty when the person is in none.</summary>
    ReadOnlySpan<byte> Arm(ReadOnlySpan<byte> experiment);

    /// <summary>When the form of that name was last sent; 0 when never.</summary>
    long FormSent(ReadOnlySpan<byte> form);

    /// <summary>How many events of that name happened after <paramref name="afterMs"/>, and when the oldest of them did (0 when none).</summary>
    int CountAfter(ReadOnlySpan<byte> name, long afterMs, out long oldestMs);

    /// <summary>The moment of one of the events that <see cref="CountAfter"/> counts, by its place from the oldest on (0).</summary>
    long MomentAfter(ReadOnlySpan<byte> name, long afterMs, int place);

    /// <summary>Whether any page path that the person viewed matches: exact, or a prefix where <paramref name="prefix"/> is set.</summary>
    bool Visited(ReadOnlySpan<byte> path, bool prefix);

    bool CartOpen { get; }

    bool Consented { get; }
}
