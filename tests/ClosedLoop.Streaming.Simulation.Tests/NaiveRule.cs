using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>A segment, and what its rule means in plain code. Comparisons with NaN or null are false, as in the language.</summary>
internal sealed record NaiveRule(SegmentSetting Setting, Func<NaivePerson, long, bool> Holds)
{
    private static readonly IReadOnlyList<NaiveRule> Lifecycle =
    [
        Of("regular", 10, "purchase_days >= 3 and days_since_last_order <= 60", (p, now) => p.PurchaseDays >= 3 && p.DaysSinceLastOrder(now) <= 60),
        Of("active", 20, "orders >= 1 and days_since_last_order <= 365 and not (last_satisfaction <= 6)",
            (p, now) => p.Orders.Count >= 1 && p.DaysSinceLastOrder(now) <= 365 && !(p.LastScore <= 6)),
        Of("in_progress", 30, "stage in (\"mql\",\"sql\") or open_deals >= 1 or days_since_last_contact <= 30 or days_since_form(\"contact\",\"demo\",\"quote\",\"trial\") <= 30 or last_satisfaction <= 6",
            (p, now) => p.Stage is "mql" or "sql" || p.OpenDeals >= 1 || p.DaysSinceLastContact(now) <= 30
                || p.DaysSinceForm(now, "contact", "demo", "quote", "trial") <= 30 || p.LastScore <= 6),
        Of("warm", 40, "(page_views >= 3 or sessions >= 2) and days_since_last_visit <= 30",
            (p, now) => (p.PageViews >= 3 || p.Sessions >= 2) && p.DaysSinceLastVisit(now) <= 30),
        Of("cold", 50, "true", (_, _) => true),
    ];

    private static readonly NaiveRule AtRisk = Of("at_risk", 60, "orders >= 1 and last_satisfaction <= 6", (p, _) => p.Orders.Count >= 1 && p.LastScore <= 6, null);

    /// <summary>Versions of the rules that a run changes between; the first is the default.</summary>
    public static IReadOnlyList<IReadOnlyList<NaiveRule>> Sets { get; } =
    [
        [.. Lifecycle, AtRisk, Of("lapsed", 70, "orders >= 1 and days_since_last_order > 365", (p, now) => p.Orders.Count >= 1 && p.DaysSinceLastOrder(now) > 365, null)],
        [.. Lifecycle.Skip(1), Of("reader", 5, "page_views >= 8 and days_since_last_visit <= 3", (p, now) => p.PageViews >= 8 && p.DaysSinceLastVisit(now) <= 3)],
        [.. Lifecycle, AtRisk, Of("customer", 80, "stage = \"customer\"", (p, _) => p.Stage == "customer", null),
            Of("away", 90, "days_since_last_visit > 7", (p, now) => p.DaysSinceLastVisit(now) > 7, null)],
    ];

    private static NaiveRule Of(string name, int order, string rule, Func<NaivePerson, long, bool> holds, string? group = "lifecycle") =>
        new(new SegmentSetting { Name = name, Rule = rule, Group = group, Order = order, Version = 1 }, holds);
}
