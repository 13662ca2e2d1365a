using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>From visitors to money per channel, source or campaign (CONTRACT.md §7).</summary>
public sealed class ChannelsReport(IWarehouse warehouse, ReportsOptions options, TimeProvider time)
{
    // Costs come with a later chapter; until then their columns are there and empty, so that nobody's reader breaks when they fill.
    private static readonly (string Name, string Type, string Unit)[] Unknown =
    [
        ("cost", "money", ""), ("impressions", "integer", "impressions"), ("clicks", "integer", "clicks"), ("ctr", "number", "ratio"),
        ("cpc", "money", ""), ("cpl", "money", ""), ("cac", "money", ""), ("roi", "number", "ratio"), ("profit_roi", "number", "ratio"),
        ("clv", "money", ""), ("referrer_lost_share", "number", "ratio"),
    ];

    /// <exception cref="ReportMistake">More rows than <see cref="ReportsOptions.RowsMax"/>.</exception>
    public async Task<ReportAnswer> AnswerAsync(ReportRequest request, CancellationToken cancel)
    {
        var columns = Columns(request);
        var now = await RowsAsync(request, request.Period, columns.Count, cancel);
        var before = request.Compare ? await RowsAsync(request, request.Period.Previous, columns.Count, cancel) : null;
        return new ReportAnswer(columns, now, request.Period, before, ChannelsSql.Of(request, request.Period, false, options.RowsMax).Sql, time.GetUtcNow());
    }

    private static List<ReportColumn> Columns(ReportRequest request)
    {
        var columns = new List<ReportColumn>();
        if (request.Interval is not null) columns.Add(new(request.Interval, "date", ""));
        columns.Add(new(request.By, "text", ""));
        columns.Add(new("visitors", "integer", "people"));
        columns.Add(new("sessions", "integer", "sessions"));
        columns.Add(new("engaged_sessions", "integer", "sessions"));
        foreach (var name in new[] { "leads", "mqls", "sqls", "customers" }) columns.Add(new(name, "number", "people"));
        columns.Add(new("conversions", "number", "conversions"));
        columns.Add(new("revenue", "money", request.Site.Currency));
        columns.AddRange(Unknown.Select(u => new ReportColumn(u.Name, u.Type, u.Type == "money" ? request.Site.Currency : u.Unit)));
        columns.Add(new("days_to_customer", "number", "days"));
        return columns;
    }

    private async Task<ReportRows> RowsAsync(ReportRequest request, ReportPeriod period, int width, CancellationToken cancel)
    {
        var rows = new List<object?[]>();
        foreach (var row in await warehouse.RowsAsync(ChannelsSql.Of(request, period, false, options.RowsMax + 1), cancel)) rows.Add(Row(request, row, width));
        if (rows.Count > options.RowsMax)
            throw new ReportMistake("by", $"The answer has more than {options.RowsMax} rows; ask for a shorter period, a longer interval or a filter.");
        var whole = request with { Interval = null };
        var totals = await warehouse.RowsAsync(ChannelsSql.Of(whole, period, true, 10), cancel);
        var total = totals.Count == 0 ? Zero(whole, width - (request.Interval is null ? 0 : 1)) : Row(whole, totals[0], width - (request.Interval is null ? 0 : 1));
        return new ReportRows(rows, request.Interval is null ? total : [null, .. total]);
    }

    private static object?[] Row(ReportRequest request, JsonElement row, int width)
    {
        var values = new object?[width];
        var at = 0;
        if (request.Interval is not null) values[at++] = row[0].GetString();
        values[at++] = row[1].GetString();
        for (var i = 2; i <= 4; i++) values[at++] = long.Parse(row[i].GetString()!, CultureInfo.InvariantCulture);
        for (var i = 5; i <= 9; i++) values[at++] = row[i].GetDouble();
        values[at] = decimal.Parse(row[10].GetString()!, CultureInfo.InvariantCulture);
        values[^1] = row[11].ValueKind == JsonValueKind.Null ? null : row[11].GetDouble();
        return values;
    }

    private static object?[] Zero(ReportRequest request, int width)
    {
        var values = new object?[width];
        var at = request.Interval is null ? 1 : 2;
        for (var i = 0; i < 3; i++) values[at++] = 0L;
        for (var i = 0; i < 5; i++) values[at++] = 0d;
        values[at] = 0m;
        return values;
    }
}
