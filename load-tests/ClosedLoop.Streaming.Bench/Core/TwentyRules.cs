using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>The default segments and thirteen of a company's own: counters, silence, text, pages, windows, money.</summary>
internal static class TwentyRules
{
    private static readonly (string Name, string Rule)[] Own =
    [
        ("engaged", "page_views >= 10 and sessions >= 3"), ("mobile", "device = \"mobile\""), ("from_search", "first_channel = \"Organic Search\""),
        ("paid", "first_channel in (\"Paid Search\",\"Paid Social\",\"Display\")"), ("tents", "visited(\"/tents*\")"), ("boots_fan", "visited(\"/boots*\") and page_views >= 4"),
        ("back_today", "count(\"page_view\", 1d) >= 3"), ("busy_week", "count(\"page_view\", 7d) >= 8"), ("asleep", "days_since_last_visit > 14"),
        ("new_here", "days_since_first_visit < 1"), ("basket", "cart_open and orders = 0"), ("big_spender", "revenue >= 1000 or average_order >= 250"),
        ("newsletter", "source = \"newsletter\" and sessions >= 2"),
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
