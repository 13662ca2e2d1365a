using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>From visitors to money per channel, source or campaign (CONTRACT.md §7).</summary>
public sealed class ChannelsReport(IWarehouse warehouse, ReportsOptions options, TimeProvider time)
{
    /// <exception cref="ReportMistake">More rows than <see cref="ReportsOptions.RowsMax"/>.</exception>
    /// <exception cref="WarehouseException">The warehouse gave up: time, memory.</exception>
    public async Task<ReportAnswer> AnswerAsync(ChannelsRequest request, CancellationToken cancel)
    {
        var query = ChannelsSql.Of(request, request.Scope.Period, options);
        var now = await RowsAsync(request, query, cancel);
        var before = request.Compare ? await RowsAsync(request, ChannelsSql.Of(request, request.Scope.Period.Previous, options), cancel) : null;
        return new ReportAnswer(ChannelsColumns.Of(request), now, request.Scope.Period, before, query.Sql, time.GetUtcNow())
        {
            Parameters = query.Parameters, Notes = await NotesAsync(request, cancel),
        };
    }

    private async Task<ReportRows> RowsAsync(ChannelsRequest request, WarehouseQuery query, CancellationToken cancel)
    {
        var measures = ChannelsMeasure.Of(request.Models.Count);
        object?[]? total = null;
        var rows = new List<object?[]>();
        foreach (var row in await warehouse.RowsAsync(query, cancel))
        {
            var sums = new Dictionary<string, decimal>(measures.Count);
            for (var i = 0; i < measures.Count; i++) sums[measures[i].Alias] = Number(row[3 + i]);
            var whole = row[0].GetInt32() == 1;
            var values = Values(request, whole ? null : row[1].GetString(), whole ? null : row[2].GetString(), alias => sums[alias]);
            if (whole) total = values;
            else rows.Add(values);
        }
        if (rows.Count > options.RowsMax)
            throw new ReportMistake("by", $"The answer has more than {options.RowsMax} rows; ask for a shorter period, a longer interval or a filter.");
        return new ReportRows(rows, total ?? Values(request, null, null, _ => 0));
    }

    private static object?[] Values(ChannelsRequest request, string? bucket, string? name, Func<string, decimal> measure)
    {
        var values = ChannelsColumns.Values(request, measure, ChannelsSql.KnowsCosts(request)).Prepend(name);
        return request.Interval is null ? [.. values] : [bucket, .. values];
    }

    private static decimal Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? decimal.Parse(value.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture) : value.GetDecimal();

    // What a reader would otherwise have to guess from an empty cell.
    private async Task<List<string>> NotesAsync(ChannelsRequest request, CancellationToken cancel)
    {
        var notes = new List<string> { "clv is null: it looks ahead, and needs the model of repeat purchases that the report value will have; what was earned so far is in revenue." };
        if (!ChannelsSql.KnowsCosts(request)) notes.Add("Costs know no segment, device or country: with these filters cost, impressions, clicks and all that is made of them are null.");
        if (request.AsKnownOn is not null) notes.Add("as_known_on: the ledger and who belongs to whom as they stood after that day; visits and costs of days up to then, with the corrections known now.");
        foreach (var model in request.Models.Where(ChannelsRequest.RunModels.Contains)) notes.Add(await RunNoteAsync(request, model, cancel));
        return notes;
    }

    private async Task<string> RunNoteAsync(ChannelsRequest request, string model, CancellationToken cancel)
    {
        var parameters = new Dictionary<string, string> { ["site"] = request.Scope.Site.Id, ["model"] = model };
        var query = new WarehouseQuery("SELECT count(), toString(min(from_date)), toString(max(to_date)) FROM closedloop.credit_runs WHERE site = {site:String} AND model = {model:String}");
        var row = (await warehouse.RowsAsync(query with { Parameters = parameters, Limits = options.Limits(2) }, cancel))[0];
        return row[0].GetString() == "0"
            ? $"{model} is posted by runs over all paths, and there was none yet: POST /v1/credit-runs starts one."
            : $"{model} is posted by runs over all paths: there are runs for conversions from {row[1].GetString()} to {row[2].GetString()}; others have no credit under it yet.";
    }
}
