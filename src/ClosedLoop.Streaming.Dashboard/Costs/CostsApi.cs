using System.ComponentModel;
using System.Text.Json;
using System.Text.Unicode;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/v1/costs</c>: what campaigns cost, by day. The same day, source, medium and campaign again replaces, so a request may be repeated.</summary>
internal sealed class CostsApi(SettingsStore settings, CostLog log, CostReader reader, Rates rates, TimeProvider time, DashboardOptions options, DashboardTelemetry telemetry)
{
    /// <summary>Rows of one request; further ones are refused by name.</summary>
    public const int RowsMax = 1_000;

    public void Map(RouteGroupBuilder routes)
    {
        routes.WithTags("Costs");
        routes.MapPost("", (Delegate)State).Takes<CostBody[]>().Says<CostsTaken>("stateCosts", $"States costs: one row or an array of at most {RowsMax}; bad rows are refused beside the good ones", 202);
        routes.MapGet("", List).Says<CostsPage>("listCosts", "Costs as they stand, by day, source, medium and campaign");
    }

    private async Task<IResult> State(HttpContext http)
    {
        var body = await SentBody.ReadAsync(http, options.BodyBytesMax);
        using var document = Parse(body);
        var form = new CostForm(settings.Current, rates, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var (rows, refused) = (new List<CostRow>(), new List<RefusedRow>());
        var index = 0;
        foreach (var element in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().AsEnumerable() : [document.RootElement])
        {
            if (index >= RowsMax) refused.Add(new RefusedRow(index, null, "too_many_rows", $"A request has at most {RowsMax} rows."));
            else
            {
                var (row, mistake) = form.Read(element, index);
                if (row is not null) rows.Add(row);
                if (mistake is not null) refused.Add(mistake);
            }
            index++;
        }
        await log.StateAsync(rows);
        telemetry.Changed("cost");
        return ApiJson.Answer(new CostsTaken(rows.Count, refused), 202);
    }

    private JsonDocument Parse(byte[] body)
    {
        if (body.Length == 0 || !Utf8.IsValid(body)) throw new ApiException(ApiRefusal.BadJson, "The body is no JSON in UTF-8: a row or an array of rows belongs there.");
        try { return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = options.JsonDepthMax, AllowDuplicateProperties = false }); }
        catch (JsonException e) { throw new ApiException(ApiRefusal.BadJson, $"The body is not JSON in which each name stands once (line {e.LineNumber + 1}, byte {e.BytePositionInLine})."); }
        catch (InvalidOperationException) { throw new ApiException(ApiRefusal.BadJson, "A name in the body holds half a surrogate pair, which is no text."); }
    }

    private async Task<IResult> List(HttpContext http, [Description("Only this site.")] string? site, [Description("First day.")] string? from, [Description("Last day.")] string? to,
        [Description("Rows of a page, at most 10,000.")] string? limit, [Description("Rows to pass over: next of the page before.")] string? offset)
    {
        var found = string.IsNullOrEmpty(site) ? null : Checks.Site(settings.Current, site);
        return ApiJson.Answer(await reader.ReadAsync(found?.Id, CostReader.Day("from", from), CostReader.Day("to", to),
            Checks.Limit("limit", limit, 1_000, CostReader.PageRowsMax), string.IsNullOrEmpty(offset) || offset == "0" ? 0 : Checks.Limit("offset", offset, 0, int.MaxValue), http.RequestAborted));
    }
}
