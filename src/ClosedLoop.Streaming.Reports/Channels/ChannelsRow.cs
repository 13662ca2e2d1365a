namespace ClosedLoop.Streaming.Reports;

/// <summary>
/// What a row shows, made of what the warehouse summed up. A ratio without a denominator is null: nothing was spent, nobody was won, nobody knows.
/// </summary>
/// <param name="measure">A sum by its alias.</param>
/// <param name="model">1 or 2.</param>
/// <param name="knowsCosts">False: the filters ask for what costs don't know, so everything with a cost in it is null.</param>
internal readonly struct ChannelsRow(Func<string, decimal> measure, int model, bool knowsCosts)
{
    private const decimal ShareWhole = 1_000_000m;
    private const decimal DayMs = 86_400_000m;

    public static IReadOnlyList<string> Names { get; } =
    [
        "visitors", "sessions", "engaged_sessions", "leads", "mqls", "sqls", "customers", "conversions", "revenue", "cost", "impressions", "clicks",
        "ctr", "cpc", "cpl", "cac", "roi", "profit_roi", "clv", "days_to_customer", "referrer_lost_share",
    ];

    public object? this[string name] => name switch
    {
        "visitors" or "sessions" or "engaged_sessions" => (long)measure(name),
        "impressions" or "clicks" => knowsCosts ? (long)measure(name) : null,
        "leads" or "mqls" or "sqls" or "customers" or "conversions" => People(name),
        "revenue" => Of(name),
        "cost" => Cost,
        "ctr" => Ratio(Spent("clicks"), Spent("impressions"), 6),
        "cpc" => Ratio(Cost, Spent("clicks"), 4),
        "cpl" => Ratio(Cost, People("leads"), 4),
        "cac" => Ratio(Cost, People("customers"), 4),
        "roi" => Ratio(Of("revenue") - Cost, Cost, 6),
        // Unknown is not 0: one sale without known costs of its own leaves the profit of the whole row unknown.
        "profit_roi" => Of("profitless") != 0 ? null : Ratio(Of("profit") - Cost, Cost, 6),
        "days_to_customer" => Ratio(Of("customer_ms") / DayMs, Of("customers"), 4),
        "referrer_lost_share" => Ratio(measure("lost_sessions"), measure("sessions"), 6),
        // Value that is still to come needs a model of repeat purchases; what was earned so far is in revenue, and is no forecast.
        _ => null,
    };

    private decimal? Cost => Spent("cost");

    private decimal? Spent(string name) => knowsCosts ? measure(name) : null;

    private decimal Of(string name) => measure($"{name}_{model}");

    private decimal People(string name) => Of(name) / ShareWhole;

    private static object? Ratio(decimal? part, decimal? whole, int digits) =>
        part is null || whole is null or <= 0 ? null : Math.Round(part.Value / whole.Value, digits, MidpointRounding.AwayFromZero);
}
