using System.ComponentModel;
using System.Text;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>GET /v1/segments/{name}/members</c> as JSON pages or as CSV.</summary>
internal sealed class MembersApi(ISettings settings, MemberPages pages, LiveStates live, DashboardOptions options, TimeProvider time)
{
    public void Map(RouteGroupBuilder routes) =>
        routes.MapGet("/{name}/members", List).Says<MembersView>("listMembers",
            "Who is in a segment: pages of JSON, or CSV by Accept: text/csv or format=csv (all of them when no limit is given)");

    private IResult List(HttpContext http, string name, [Description("Members on the page, at most 1,000; 100 when absent.")] string? limit,
        [Description("The next_cursor of the page before.")] string? cursor, [Description("Only members of this site.")] string? site,
        [Description("csv or json.")] string? format)
    {
        live.MustHaveEverybody();
        if (!settings.Current.Segments.ContainsKey(name)) throw new ApiException(ApiRefusal.UnknownSegment, $"There is no segment '{JsonText.Short(name)}'.");
        var of = string.IsNullOrEmpty(site) ? null : Checks.Site(settings.Current, site).Id;
        var from = Place.Parse(cursor);
        var count = Checks.Limit("limit", limit, Math.Min(100, options.MembersPageMax), options.MembersPageMax);
        if (WantsCsv(http, format)) return Csv(http, name, of, from, string.IsNullOrEmpty(limit) ? null : count);
        var asOf = ApiJson.Time(time.GetUtcNow().ToUnixTimeMilliseconds());
        var (members, next) = pages.Read(name, of, from, count);
        return ApiJson.Answer(new MembersView(name, asOf, members, next?.ToString()));
    }

    private static bool WantsCsv(HttpContext http, string? format) => string.IsNullOrEmpty(format)
        ? http.Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase)
        : Checks.OneOf("format", format, "csv", "json") == "csv";

    private IResult Csv(HttpContext http, string name, string? site, Place from, int? limit)
    {
        if (limit is { } one)
        {
            var (members, next) = pages.Read(name, site, from, one);
            if (next is { } place) http.Response.Headers.Link = $"<?format=csv&limit={one}&cursor={place}>; rel=\"next\"";
            return Results.Text(Rows(members, header: true), "text/csv; charset=utf-8");
        }
        return Results.Stream(to => StreamAsync(to, name, site, from, http.RequestAborted), "text/csv; charset=utf-8");
    }

    private async Task StreamAsync(Stream to, string name, string? site, Place from, CancellationToken cancel)
    {
        var header = true;
        for (Place? at = from; at is { } here; header = false)
        {
            (var members, at) = pages.Read(name, site, here, options.MembersPageMax);
            await to.WriteAsync(Encoding.UTF8.GetBytes(Rows(members, header)), cancel);
        }
    }

    private static string Rows(List<MemberView> members, bool header)
    {
        var csv = new StringBuilder();
        if (header) CsvRow.Append(csv, "site", "visitor_id", "visitor_ids", "lead_id", "external_id", "since");
        foreach (var m in members) CsvRow.Append(csv, m.Site, m.VisitorId, string.Join(' ', m.VisitorIds), m.LeadId, m.ExternalId, m.Since);
        return csv.ToString();
    }
}
