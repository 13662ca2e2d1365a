using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Costs as the warehouse has them.</summary>
internal sealed class CostReader(IServiceProvider services)
{
    public const int PageRowsMax = 10_000;

    /// <exception cref="ApiException">The warehouse isn't there, or not yet.</exception>
    public async Task<CostsPage> ReadAsync(string? site, string? from, string? to, int limit, int offset, CancellationToken cancel)
    {
        if (services.GetService(typeof(IWarehouse)) is not IWarehouse warehouse) throw new ApiException(ApiRefusal.Unavailable, "This process has no warehouse to read from.");
        var parameters = new Dictionary<string, string> { ["limit"] = (limit + 1).ToString(CultureInfo.InvariantCulture), ["offset"] = offset.ToString(CultureInfo.InvariantCulture) };
        var where = "1";
        void Only(string name, string? value, string condition)
        {
            if (value is null) return;
            parameters[name] = value;
            where += " AND " + condition;
        }
        Only("site", site, "site = {site:String}");
        Only("from", from, "date >= {from:Date}");
        Only("to", to, "date <= {to:Date}");
        var query = new WarehouseQuery(
            "SELECT site, toString(date), source, medium, campaign, link, channel, toString(amount), currency, toString(original_amount), original_currency, toString(rate), impressions, clicks "
            + $"FROM closedloop.costs_current WHERE {where} ORDER BY site, date, source, medium, campaign, link LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}") { Parameters = parameters };
        try
        {
            var rows = await warehouse.RowsAsync(query, cancel);
            return new CostsPage([.. rows.Take(limit).Select(View)], rows.Count > limit ? offset + limit : null);
        }
        catch (WarehouseAwayException e) { throw new ApiException(ApiRefusal.Unavailable, e.Message); }
    }

    /// <summary>A day of the query; null when absent.</summary>
    public static string? Day(string field, string? value)
    {
        if (string.IsNullOrEmpty(value)) return null;
        return DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 2149 ? value
            : throw ApiException.Field(field, "must be a day from 1970 on, as in 2026-11-21.");
    }

    private static CostView View(JsonElement row) => new(
        row[0].GetString()!, row[1].GetString()!, row[2].GetString()!, row[3].GetString()!, row[4].GetString()!, row[5].GetString() is { Length: > 0 } link ? link : null,
        row[6].GetString()!, Number(row[7]), row[8].GetString()!, Number(row[9]), row[10].GetString()!, Number(row[11]), long.Parse(row[12].GetString()!, CultureInfo.InvariantCulture),
        long.Parse(row[13].GetString()!, CultureInfo.InvariantCulture));

    private static decimal Number(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
