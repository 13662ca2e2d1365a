using System.Collections.Frozen;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>The names that rules may use (CONTRACT.md §4) and what they stand for.</summary>
internal static class Vocabulary
{
    public static readonly FrozenDictionary<string, NumberMeasure> Numbers = new Dictionary<string, NumberMeasure>
    {
        ["page_views"] = NumberMeasure.PageViews,
        ["sessions"] = NumberMeasure.Sessions,
        ["orders"] = NumberMeasure.Orders,
        ["purchase_days"] = NumberMeasure.PurchaseDays,
        ["open_deals"] = NumberMeasure.OpenDeals,
        ["revenue"] = NumberMeasure.Revenue,
        ["gross_profit"] = NumberMeasure.GrossProfit,
        ["average_order"] = NumberMeasure.AverageOrder,
        ["discount_share"] = NumberMeasure.DiscountShare,
        ["last_satisfaction"] = NumberMeasure.LastSatisfaction,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, TimeMeasure> Moments = new Dictionary<string, TimeMeasure>
    {
        ["days_since_first_visit"] = TimeMeasure.FirstVisit,
        ["days_since_last_visit"] = TimeMeasure.LastVisit,
        ["days_since_last_activity"] = TimeMeasure.LastActivity,
        ["days_since_last_order"] = TimeMeasure.LastOrder,
        ["days_since_last_contact"] = TimeMeasure.LastContact,
        ["days_in_stage"] = TimeMeasure.StageEntered,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, TextMeasure> Texts = new Dictionary<string, TextMeasure>
    {
        ["stage"] = TextMeasure.Stage,
        ["channel"] = TextMeasure.Channel,
        ["first_channel"] = TextMeasure.FirstChannel,
        ["source"] = TextMeasure.Source,
        ["campaign"] = TextMeasure.Campaign,
        ["country"] = TextMeasure.Country,
        ["device"] = TextMeasure.Device,
        ["preferred_contact"] = TextMeasure.PreferredContact,
        ["affinity"] = TextMeasure.Affinity,
        ["lost_reason"] = TextMeasure.LostReason,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names that take arguments, each with an example for messages.</summary>
    public static readonly FrozenDictionary<string, string> Calls = new Dictionary<string, string>
    {
        ["trait"] = "trait(\"city\")",
        ["arm"] = "arm(\"checkout\")",
        ["days_since_form"] = "days_since_form(\"contact\",\"demo\")",
        ["visited"] = "visited(\"/tents*\")",
        ["count"] = "count(\"add_to_cart\",7d)",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly string[] Flags = ["cart_open", "consented"];

    public static readonly string[] Keywords = ["and", "or", "not", "in", "true", "false"];

    /// <summary>Everything that may be meant where a value is expected, in the order of CONTRACT.md §4.</summary>
    public static readonly string[] All =
    [
        .. Numbers.Keys.Concat(Moments.Keys).Concat(Texts.Keys).Concat(Calls.Keys).Concat(Flags).Concat(Keywords).Order(StringComparer.Ordinal),
    ];
}
