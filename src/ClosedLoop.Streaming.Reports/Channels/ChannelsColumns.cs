namespace ClosedLoop.Streaming.Reports;

/// <summary>The columns of <c>channels</c> in the contract's order; those of a second model stand behind, with its name at their end.</summary>
internal static class ChannelsColumns
{
    private static readonly string[] OfCredit = ["leads", "mqls", "sqls", "customers", "conversions", "revenue", "cpl", "cac", "roi", "profit_roi", "days_to_customer"];

    public static List<ReportColumn> Of(ChannelsRequest request)
    {
        var columns = new List<ReportColumn>();
        if (request.Interval is not null) columns.Add(new(request.Interval, "date", ""));
        columns.Add(new(request.By, "text", ""));
        columns.AddRange(ChannelsRow.Names.Select(name => Column(request, name, name)));
        foreach (var model in request.Models.Skip(1)) columns.AddRange(OfCredit.Select(name => Column(request, name, $"{name}_{model}")));
        return columns;
    }

    /// <summary>The values of one row, in the order of <see cref="Of"/> without interval and name.</summary>
    public static IEnumerable<object?> Values(ChannelsRequest request, Func<string, decimal> measure, bool knowsCosts)
    {
        var first = new ChannelsRow(measure, 1, knowsCosts);
        foreach (var name in ChannelsRow.Names) yield return first[name];
        for (var n = 2; n <= request.Models.Count; n++)
        {
            var other = new ChannelsRow(measure, n, knowsCosts);
            foreach (var name in OfCredit) yield return other[name];
        }
    }

    private static ReportColumn Column(ChannelsRequest request, string name, string shown)
    {
        var (type, unit) = name switch
        {
            "visitors" => ("integer", "people"),
            "sessions" or "engaged_sessions" => ("integer", "sessions"),
            "impressions" => ("integer", "impressions"),
            "clicks" => ("integer", "clicks"),
            "leads" or "mqls" or "sqls" or "customers" => ("number", "people"),
            "conversions" => ("number", "conversions"),
            "days_to_customer" => ("number", "days"),
            "ctr" or "roi" or "profit_roi" or "referrer_lost_share" => ("number", "ratio"),
            _ => ("money", request.Scope.Site.Currency),
        };
        return new ReportColumn(shown, type, unit);
    }
}
