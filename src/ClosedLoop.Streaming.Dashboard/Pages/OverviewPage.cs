using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>The first page: is it counting, who is where, and which tag belongs on which site.</summary>
internal sealed class OverviewPage(ISettings settings, PeopleCount census, PublicAddress address, ChannelsPanel channels, ProcessorService? processor = null)
{
    private const int SitesShownMax = 100;

    public async Task<Markup> BodyAsync(HttpContext http)
    {
        var now = settings.Current;
        var money = await channels.BodyAsync(now, http.RequestAborted);
        var people = await PeopleAsync(http.RequestAborted);
        return Markup.Of($"""
            <header><h1>ClosedLoop.Streaming</h1><form method="post" action="/dashboard/logout"><button>Log out</button></form></header>
            <main>
            {Numbers(people)}
            {money}
            <section><h2>Segments</h2>{Segments(now, people)}</section>
            <section><h2>Sites</h2>{Markup.Join(now.Sites.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Take(SitesShownMax), s => Site(s, address.Of(http)))}</section>
            </main>
            <footer>As of {ApiJson.Time(people.AsOfMs) ?? "now: people can't be counted yet"} · <a href="/dashboard/paths">paths</a> · <a href="/openapi/v1.json">API</a> · <a href="/metrics">metrics</a></footer>
            """);
    }

    private async Task<Census> PeopleAsync(CancellationToken cancel)
    {
        try { return await census.NowAsync(cancel); }
        catch (ApiException) { return new Census(0); }
    }

    private Markup Numbers(Census people)
    {
        // Where the states are in other processes, their metrics and the warehouse tell.
        if (processor is null) return Markup.Of($"""<p>The states are in other processes; Grafana and the warehouse have their numbers.</p>""");
        var counters = processor.Owners.Select(o => o.Core.Bench.Counters).ToList();
        (string Name, long Count)[] numbers =
        [
            ("hits received", counters.Sum(c => c.Received)), ("stored", counters.Sum(c => c.Stored)), ("duplicates", counters.Sum(c => c.Duplicates)),
            ("refused", counters.Sum(c => c.Refused)), ("counted without a person", counters.Sum(c => c.TotalsOnly)),
            ("waiting", processor.Owners.Sum(o => o.IsOpen ? o.Lag : 0)),
            ("anonymous visitors", people.Visitors), ("leads", people.Leads),
        ];
        return Markup.Of($"""<section class="numbers">{Markup.Join(numbers, n => Markup.Of($"<div><b>{n.Count:N0}</b><span>{n.Name}</span></div>"))}</section>""");
    }

    private static Markup Segments(SettingsSnapshot now, Census people)
    {
        var all = Math.Max(1, people.Visitors + people.Leads);
        return Markup.Of($"""
            <table><thead><tr><th>Segment</th><th>Members</th><th></th><th>Rule</th></tr></thead><tbody>
            {Markup.Join(now.Segments.Values.OrderBy(s => s.Order).ThenBy(s => s.Name, StringComparer.Ordinal), s => Markup.Of($"""
                <tr><th scope="row">{s.Name}<small>{s.Group}</small></th><td class="number">{people.Of(s.Name):N0}</td>
                <td><meter min="0" max="{all}" value="{people.Of(s.Name)}"></meter></td><td><code>{s.Rule}</code></td></tr>
                """))}
            </tbody></table>
            """);
    }

    private static Markup Site(Site site, string publicUrl) => Markup.Of($"""
        <article><h3>{site.Id}</h3><p>{(site.Hosts.Count == 0 ? "any host" : string.Join(", ", site.Hosts))} · {site.TimeZone} · {site.Currency} · consent {SiteView.Word(site.Consent)}</p>
        <p>Paste this tag into every page:</p>
        <pre>{Tag(site, publicUrl)}</pre></article>
        """);

    // Without a page's address in it the pixel takes it from the Referer header, so one tag fits all pages.
    private static string Tag(Site site, string publicUrl) =>
        $"""<img src="{publicUrl}/i?aid={Uri.EscapeDataString(site.Id)}" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade">""";
}
