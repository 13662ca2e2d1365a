using System.Globalization;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>The last thirty days by channel, from visitors to money, as the report <c>channels</c> answers them. Where there are no reports in this process, nothing.</summary>
internal sealed class ChannelsPanel(IServiceProvider services, TimeProvider time)
{
    private const int SitesShownMax = 10;
    private static readonly (string Column, string Title)[] Shown =
        [("visitors", "Visitors"), ("sessions", "Sessions"), ("engaged_sessions", "Engaged"), ("leads", "Leads"), ("customers", "Customers"), ("conversions", "Orders"), ("revenue", "Revenue"), ("cost", "Cost"), ("roi", "ROI")];

    public async Task<Markup> BodyAsync(SettingsSnapshot settings, CancellationToken cancel)
    {
        if (services.GetService(typeof(ChannelsReport)) is not ChannelsReport report || services.GetService(typeof(ReportsOptions)) is not ReportsOptions options) return default;
        var panels = new List<Markup>();
        foreach (var site in settings.Sites.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Take(SitesShownMax))
        {
            try
            {
                var request = ChannelsRequest.Read(new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["site"] = site.Id }), settings, time.GetUtcNow(), options);
                panels.Add(Table(site, await report.AnswerAsync(request, cancel)));
            }
            catch (Exception e) when (e is WarehouseAwayException or WarehouseException or ReportMistake)
            {
                panels.Add(Markup.Of($"<h3>{site.Id}</h3><p>The warehouse does not answer now; the figures come back with it.</p>"));
            }
        }
        return Markup.Of($"<section><h2>Channels, last 30 days</h2><p>Credit goes to the last source that was not direct.</p>{Markup.Join(panels, p => p)}</section>");
    }

    private static Markup Table(Site site, ReportAnswer answer)
    {
        var at = Shown.Select(s => answer.Columns.ToList().FindIndex(c => c.Name == s.Column)).ToArray();
        return Markup.Of($"""
            <h3>{site.Id}</h3>
            <table><thead><tr><th>Channel</th>{Markup.Join(Shown, s => Markup.Of($"<th>{s.Title}</th>"))}</tr></thead><tbody>
            {Markup.Join(answer.Now.Rows, row => Markup.Of($"<tr><th scope=\"row\">{row[0]}</th>{Cells(row, at, site)}</tr>"))}
            <tr><th scope="row">All together</th>{Cells(answer.Now.Totals, at, site)}</tr>
            </tbody></table>
            """);
    }

    private static Markup Cells(object?[] row, int[] at, Site site) => Markup.Join(at, i => Markup.Of($"<td class=\"number\">{Text(row[i], site)}</td>"));

    private static string Text(object? value, Site site) => value switch
    {
        decimal money => $"{money.ToString("N2", CultureInfo.InvariantCulture)} {site.Currency}",
        IFormattable number => number.ToString("#,0.##", CultureInfo.InvariantCulture),
        _ => "",
    };
}
