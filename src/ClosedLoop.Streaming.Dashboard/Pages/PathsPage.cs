using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// From page to page and from channel to channel in the last thirty days, as the report <c>paths</c> answers them. A page of its own:
/// the first page must not wait for a walk through every view of a month.
/// </summary>
internal sealed class PathsPage(IServiceProvider services, ISettings settings, TimeProvider time)
{
    private const string StepsShown = "3", NodesShown = "5";

    public async Task<Markup> BodyAsync(HttpContext http)
    {
        var now = settings.Current;
        var site = http.Request.Query["site"].ToString() is { Length: > 0 and < 200 } name ? now.SitesByName.GetValueOrDefault(name) : now.Sites.Values.MinBy(s => s.Id, StringComparer.Ordinal);
        if (site is null || services.GetService(typeof(PathsReport)) is not PathsReport report || services.GetService(typeof(ReportsOptions)) is not ReportsOptions options)
            return Frame(now, Markup.Of($"<p>There is no such site, or no reports in this process.</p>"));
        try
        {
            var pages = await AskAsync(report, options, now, site, "page", http.RequestAborted);
            var channels = await AskAsync(report, options, now, site, "channel", http.RequestAborted);
            return Frame(now, Markup.Of($"<h2>{site.Id}: paths of the last 30 days</h2>{Table("Pages", pages)}{Table("Channels", channels)}"));
        }
        catch (Exception e) when (e is WarehouseAwayException or WarehouseException or ReportMistake)
        {
            return Frame(now, Markup.Of($"<p>The warehouse does not answer now; the figures come back with it.</p>"));
        }
    }

    private Task<ReportAnswer> AskAsync(PathsReport report, ReportsOptions options, SettingsSnapshot now, Site site, string of, CancellationToken cancel)
    {
        var query = new Dictionary<string, StringValues> { ["site"] = site.Id, ["of"] = of, ["steps"] = StepsShown, ["nodes"] = NodesShown };
        return report.AnswerAsync(PathsRequest.Read(new QueryCollection(query), now, time.GetUtcNow(), options), cancel);
    }

    private static Markup Frame(SettingsSnapshot now, Markup body) => Markup.Of($"""
        <header><h1>ClosedLoop.Streaming</h1><a href="/">Overview</a></header>
        <main><nav>{Markup.Join(now.Sites.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Take(100), s => Markup.Of($"<a href=\"/dashboard/paths?site={Uri.EscapeDataString(s.Id)}\">{s.Id}</a> "))}</nav>
        <section>{body}</section></main>
        """);

    private static Markup Table(string title, ReportAnswer answer) => Markup.Of($"""
        <h3>{title}</h3>
        <table><thead><tr><th>Step</th><th>From</th><th>To</th><th>Visitors</th><th></th></tr></thead><tbody>
        {Markup.Join(answer.Now.Rows, row => Markup.Of($"""
            <tr><td class="number">{row[0]}</td><td>{row[1]}</td><td>{row[2]}</td><td class="number">{row[3]:N0}</td>
            <td><meter min="0" max="{Math.Max(1, (long)answer.Now.Totals[3]!)}" value="{row[3]}"></meter></td></tr>
            """))}
        </tbody></table>
        """);
}
