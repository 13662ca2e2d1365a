using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Conversions with the ad click that may have brought them, for people and for ad networks' offline uploads.</summary>
public sealed class ConversionsReport(IWarehouse warehouse, ReportsOptions options, TimeProvider time)
{
    private const int LocalAt = 3;
    private const int Columns = 21;

    /// <exception cref="ReportMistake">More rows than <see cref="ReportsOptions.ConversionsMax"/>.</exception>
    /// <exception cref="WarehouseException">The warehouse gave up: time, memory.</exception>
    public async Task<ReportAnswer> AnswerAsync(ConversionsRequest request, CancellationToken cancel)
    {
        var query = ConversionsSql.Of(request, options);
        var rows = (await warehouse.RowsAsync(query, cancel)).Select(Row).ToList();
        if (rows.Count > options.ConversionsMax)
            throw new ReportMistake("from", $"The answer has more than {options.ConversionsMax} conversions; ask for a shorter period or fewer kinds (setting ClosedLoop:Reports:ConversionsMax).");
        var total = new object?[Columns];
        total[4] = rows.Sum(r => (decimal)r[4]!);
        total[19] = rows.Sum(r => r[19] as decimal? ?? 0);
        return new ReportAnswer(ColumnsOf(request), new ReportRows(rows, total), request.Scope.Period, null, query.Sql, time.GetUtcNow())
        {
            Parameters = query.Parameters,
            Notes =
            [
                $"click_id is of the person's last ad click before the conversion, at most {ConversionsRequest.ClickDaysMax} days old; revenue is net of refunds, first_revenue what the ledger said first.",
            ],
        };
    }

    private static ReportColumn[] ColumnsOf(ConversionsRequest request)
    {
        var currency = request.Scope.Site.Currency;
        return
        [
            new("conversion_id", "text", ""), new("kind", "text", ""), new("occurred_at", "text", ""), new("local_time", "text", request.Scope.Period.Zone.Id), new("revenue", "money", currency), new("currency", "text", ""),
            new("gross_profit", "money", currency), new("order_id", "text", ""), new("deal_id", "text", ""), new("is_new", "integer", ""), new("person", "text", ""),
            new("click_id", "text", ""), new("network", "text", ""), new("click_kind", "text", ""), new("click_at", "text", ""), new("channel", "text", ""), new("source", "text", ""), new("medium", "text", ""),
            new("campaign", "text", ""), new("first_revenue", "money", currency), new("corrected_at", "text", request.Scope.Period.Zone.Id),
        ];
    }

    private static object?[] Row(JsonElement row)
    {
        var values = new object?[Columns];
        for (var i = 0; i < Columns; i++)
            values[i] = row[i].ValueKind == JsonValueKind.Null ? null : i switch
            {
                4 or 6 or 19 => decimal.Parse(row[i].ToString(), CultureInfo.InvariantCulture),
                9 => (long)row[i].GetInt32(),
                _ => row[i].GetString(),
            };
        return values;
    }
}
