namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>Compares an answer of <c>channels</c> with the naive one, figure by figure.</summary>
internal static class Figures
{
    private static readonly string[] OfCredit = ["leads", "mqls", "sqls", "customers", "conversions", "revenue"];

    public static void Same(string query, ChannelsRequest request, ReportAnswer answer, NaiveChannels naive)
    {
        var columns = answer.Columns.Select(c => c.Name).ToList();
        var names = request.Interval is null ? 1 : 2;
        var found = answer.Now.Rows.ToDictionary(row => (names == 2 ? (string)row[0]! : "", (string)row[names - 1]!));
        Assert.True(naive.Rows.Keys.ToHashSet().SetEquals(found.Keys), $"{query}: rows {string.Join(", ", found.Keys.Except(naive.Rows.Keys))} instead of {string.Join(", ", naive.Rows.Keys.Except(found.Keys))}");
        foreach (var (key, row) in naive.Rows) Same($"{query} {key}", request, columns, found[key], row, exact: false);
        Same($"{query} total", request, columns, answer.Now.Totals, naive.Total, exact: true);
        // Everything but people sums to the total to the last digit.
        foreach (var name in columns.Where(n => n is "sessions" or "engaged_sessions" or "cost" or "impressions" or "clicks" || OfCredit.Any(n.StartsWith)))
            Assert.Equal(Number(answer.Now.Totals, columns, name), answer.Now.Rows.Sum(r => Number(r, columns, name)));
    }

    private static void Same(string where, ChannelsRequest request, List<string> columns, object?[] row, NaiveRow naive, bool exact)
    {
        void Is(string name, decimal? expected, decimal tolerance)
        {
            var actual = row[columns.IndexOf(name)] is null ? (decimal?)null : Number(row, columns, name);
            Assert.True(actual.HasValue == expected.HasValue && (actual is null || Math.Abs(actual.Value - expected!.Value) <= tolerance), $"{where}: {name} is {actual}, naive {expected}");
        }
        foreach (var name in new[] { "visitors", "sessions", "engaged_sessions", "cost", "impressions", "clicks" }) Is(name, naive[name], 0);
        Is("ctr", Ratio(naive["clicks"], naive["impressions"]), 0.000001m);
        Is("cpc", Ratio(naive["cost"], naive["clicks"]), 0.0001m);
        Is("referrer_lost_share", Ratio(naive["lost_sessions"], naive["sessions"]), 0.000001m);
        Is("clv", null, 0);
        for (var n = 1; n <= request.Models.Count; n++)
        {
            var suffix = n == 1 ? "" : "_" + request.Models[n - 1];
            // Shares are told in millionths and money in cents: a row may be off by one of them per conversion, the total by none.
            foreach (var name in OfCredit) Is(name + suffix, naive[$"{name}_{n}"], (exact ? 0.0000001m : name == "revenue" ? 0.01m * naive.Shares : 0.000001m * naive.Shares) + 0.0000001m);
            var (leads, customers, cost) = (naive[$"leads_{n}"], naive[$"customers_{n}"], naive["cost"]);
            Is("cpl" + suffix, Ratio(cost, leads), Near(Ratio(cost, leads)));
            Is("cac" + suffix, Ratio(cost, customers), Near(Ratio(cost, customers)));
            Is("roi" + suffix, Ratio(naive[$"revenue_{n}"] - cost, cost), 0.01m);
            Is("profit_roi" + suffix, naive[$"profitless_{n}"] != 0 ? null : Ratio(naive[$"profit_{n}"] - cost, cost), 0.01m);
            Is("days_to_customer" + suffix, Ratio(naive[$"days_{n}"], customers), 0.01m);
        }
    }

    private static decimal Near(decimal? value) => 0.001m + Math.Abs(value ?? 0) / 1_000;

    private static decimal? Ratio(decimal part, decimal whole) => whole > 0 ? part / whole : null;

    private static decimal Number(object?[] row, List<string> columns, string name) =>
        Convert.ToDecimal(row[columns.IndexOf(name)], System.Globalization.CultureInfo.InvariantCulture);
}
