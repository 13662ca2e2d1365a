namespace ClosedLoop.Streaming.Reports;

/// <summary>Which of the three sources of the report a figure comes from.</summary>
internal enum ChannelsPart
{
    Visits,
    Credit,
    Costs,
}

/// <summary>A figure that the warehouse sums up. Whole numbers and money only, so that rows sum to the total exactly; ratios are made of them afterwards.</summary>
/// <param name="Alias">Its name in the SQL.</param>
/// <param name="Sql">What is summed, over the rows of its part.</param>
internal sealed record ChannelsMeasure(string Alias, ChannelsPart Part, string Sql, bool IsMoney = false)
{
    public string Nothing => IsMoney ? "toDecimal128(0, 4)" : "toInt128(0)";

    private static readonly ChannelsMeasure[] Fixed =
    [
        new("visitors", ChannelsPart.Visits, "uniqExact(person)"),
        new("sessions", ChannelsPart.Visits, "count()"),
        new("engaged_sessions", ChannelsPart.Visits, "countIf(engaged = 1)"),
        new("lost_sessions", ChannelsPart.Visits, "countIf(refr_medium = '')"),
        new("cost", ChannelsPart.Costs, "sum(amount)", true),
        new("impressions", ChannelsPart.Costs, "sum(impressions)"),
        new("clicks", ChannelsPart.Costs, "sum(clicks)"),
    ];

    /// <summary>All figures for one model or two; those of credit carry the number of their model, 1 or 2.</summary>
    public static IReadOnlyList<ChannelsMeasure> Of(int models)
    {
        var measures = new List<ChannelsMeasure>(Fixed);
        for (var n = 1; n <= models; n++) measures.AddRange(Credited(n));
        return measures;
    }

    // Shares are millionths; net of reversals, so that every conversion counts 1,000,000 over all names. Of the days to a customer the
    // sum of share × time is kept, because an average of averages would be wrong in the total.
    private static IEnumerable<ChannelsMeasure> Credited(int n)
    {
        var model = $"model = {{model_{n}:String}}";
        foreach (var (alias, kind) in new[] { ("leads", "lead"), ("mqls", "mql"), ("sqls", "sql"), ("customers", "customer") })
            yield return new($"{alias}_{n}", ChannelsPart.Credit, $"sumIf(parts, {model} AND kind = '{kind}')");
        var sale = $"{model} AND kind IN ('order', 'deal')";
        yield return new($"conversions_{n}", ChannelsPart.Credit, $"sumIf(parts, {sale})");
        yield return new($"revenue_{n}", ChannelsPart.Credit, $"sumIf(money, {sale})", true);
        yield return new($"profit_{n}", ChannelsPart.Credit, $"sumIf(profit, {sale})", true);
        yield return new($"profitless_{n}", ChannelsPart.Credit, $"sumIf(money, {sale} AND profit_known = 0)", true);
        yield return new($"customer_ms_{n}", ChannelsPart.Credit, $"sumIf(toInt128(parts) * ms_from_first_touch, {model} AND kind = 'customer')");
    }
}
