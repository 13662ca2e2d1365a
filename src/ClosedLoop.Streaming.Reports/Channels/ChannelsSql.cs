using System.Globalization;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>
/// The SQL of the report <c>channels</c>: rows and total in one pass over each table. Its text depends only on the shape of the question
/// (interval, by, date, which filters, one model or two); everything that somebody wrote is a parameter.
/// </summary>
public static class ChannelsSql
{
    /// <summary>The columns are <c>whole</c> (1: the total), <c>bucket</c>, <c>name</c>, then the measures.</summary>
    /// <param name="request">The question.</param>
    /// <param name="period">Its period, or the one before.</param>
    /// <param name="options">One row more than allowed is asked for, so that too many are seen and nothing is cut.</param>
    public static WarehouseQuery Of(ChannelsRequest request, ReportPeriod period, ReportsOptions options)
    {
        var parameters = new Dictionary<string, string>(period.Parameters) { ["site"] = request.Scope.Site.Id };
        for (var n = 0; n < request.Models.Count; n++) parameters[$"model_{n + 1}"] = request.Models[n];
        if (request.KnownUntilUtc is { } known) parameters["known"] = ReportPeriod.Text(known);
        foreach (var (name, value) in request.Scope.Where) parameters["f_" + name] = value;
        return new WarehouseQuery(Text(request, options.RowsMax)) { Parameters = parameters, Limits = options.Limits(options.RowsMax + 2) };
    }

    /// <summary>Costs know no device, country or segment: asked for those, the report does not know what they cost.</summary>
    internal static bool KnowsCosts(ChannelsRequest request) => !request.Scope.Where.Keys.Any(f => f is "segment" or "device" or "country");

    private static string Text(ChannelsRequest request, int rowsMax)
    {
        var measures = ChannelsMeasure.Of(request.Models.Count);
        var branches = new List<string> { Branch(request, measures, ChannelsPart.Visits, "at", "visits"), Branch(request, measures, ChannelsPart.Credit, "counted_at", "credited") };
        if (KnowsCosts(request)) branches.Add(Branch(request, measures, ChannelsPart.Costs, "date", "spent"));
        var sums = string.Join(",\n    ", measures.Select(m => $"sum(n_{m.Alias}) AS {m.Alias}"));
        var some = string.Join(" OR ", measures.Where(m => !m.Alias.StartsWith("customer_ms", StringComparison.Ordinal)).Select(m => $"{m.Alias} != 0"));
        var limit = (rowsMax + 2).ToString(CultureInfo.InvariantCulture);
        return ChannelsTables.Of(request) + $"""

            SELECT whole, bucket, name,
                {sums}
            FROM
            (
            {string.Join("\n    UNION ALL\n", branches)}
            )
            GROUP BY whole, bucket, name
            HAVING whole = 1 OR {some}
            ORDER BY whole DESC, bucket, sessions DESC, revenue_1 DESC, name
            LIMIT {limit}
            """;
    }

    private static string Branch(ChannelsRequest request, IReadOnlyList<ChannelsMeasure> measures, ChannelsPart part, string at, string from)
    {
        var columns = string.Join(",\n        ", measures.Select(m => $"{(m.Part == part ? m.IsMoney ? m.Sql : $"toInt128({m.Sql})" : m.Nothing)} AS n_{m.Alias}"));
        return $"""
                SELECT toUInt8(grouping(name)) AS whole, {SqlPieces.Bucket(request.Interval, at, isDate: part == ChannelsPart.Costs)} AS bucket, {Dimension(request.By)} AS name,
                    {columns}
                FROM {from}
                GROUP BY GROUPING SETS ((bucket, name), ())
            """;
    }

    // What no touch explains has a channel of its own and no source.
    private static string Dimension(string by) => by switch
    {
        "source" => "if(channel = '(unattributed)', channel, if(source = '', '(direct)', source))",
        "campaign" => "if(channel = '(unattributed)', channel, if(campaign = '', '(none)', campaign))",
        _ => "channel",
    };
}
