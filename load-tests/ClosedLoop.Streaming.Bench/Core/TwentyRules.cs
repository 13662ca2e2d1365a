using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>
/// The default segments and thirteen that a marketing team would write: counters, silence, texts, pages, windows, money. None flips with every
/// visit; the row tells how many changes an event brought.
/// </summary>
internal static class TwentyRules
{
    private static readonly (string Name, string Rule)[] Own =
    [
        ("engaged", "page_views >= 10 and sessions >= 3"), ("tents", "visited(\"/tents*\") and page_views >= 6"),
        ("boots_fan", "visited(\"/boots/1*\") and sessions >= 4"), ("paid_origin", "first_channel in (\"Paid Search\",\"Paid Social\")"),
        ("newsletter_reader", "source = \"newsletter\" and sessions >= 3"), ("autumn", "campaign = \"autumn\" and page_views >= 5"),
        ("hot_week", "count(\"page_view\", 7d) >= 10"), ("busy_month", "count(\"page_view\", 30d) >= 25"),
        ("slipping_away", "page_views >= 5 and days_since_last_visit > 21"), ("second_look", "days_since_first_visit < 3 and sessions >= 2"),
        ("basket", "cart_open and orders = 0"), ("big_spender", "revenue >= 1000 or average_order >= 250"),
        ("mobile_at_home", "device = \"mobile\" and country = \"DE\""),
    ];

    /// <summary>The records that tell a partition its site and rules.</summary>
    public static IEnumerable<byte[]> Published()
    {
        yield return PublishedRules.Record(new PublishedRules { Version = 1, Site = new Site { Id = "demo", Hosts = ["shop.example"], Version = 1 } }, 1);
        yield return PublishedRules.Record(new PublishedRules { Version = 2, Segments = [.. Defaults(), .. Own.Select(Segment)] }, 1);
    }

    private static IEnumerable<SegmentSetting> Defaults() => DefaultSegments.Definitions
        .Select(d => new SegmentSetting { Name = d.Name, Rule = d.Rule, Group = d.Group, Order = d.Order, Version = 1 });

    private static SegmentSetting Segment((string Name, string Rule) own) => new() { Name = own.Name, Rule = own.Rule, Version = 1 };
}
