using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>What the system reports beside what was planted. What was there before the demo is taken off, so that a system in use can be shown.</summary>
internal sealed class DemoComparison
{
    private static readonly string[] Figures = ["visitors", "sessions", "engaged_sessions", "leads", "customers", "conversions", "revenue", "cost", "impressions", "clicks"];
    // Models that share a conversion among touches: what they share must be all of the money, to the cent.
    private static readonly string[] SharingModels = ["linear", "position_based", "time_decay", "markov", "shapley"];
    private readonly Dictionary<(string Model, string Channel, string Figure), decimal> _channels = [];
    private readonly Dictionary<string, long> _members = [];
    private readonly Dictionary<string, decimal> _revenue = [];

    /// <summary>Reads the reports and segments as they are now.</summary>
    public static async Task<DemoComparison> ReadAsync(SystemClient system, string site, DateTimeOffset since, CancellationToken cancel)
    {
        var read = new DemoComparison();
        var from = since.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var model in DemoTruth.Models)
        {
            var report = await system.GetAsync($"/v1/reports/channels?site={site}&from={from}&timezone=UTC&model={model}", cancel);
            var names = report.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()!).ToList();
            foreach (var row in report.GetProperty("rows").EnumerateArray())
                foreach (var figure in Figures)
                    read._channels[(model, row[0].GetString()!, figure)] = Number(row[names.IndexOf(figure)]);
        }
        // Markov and Shapley are credited by runs; one that finds everything credited posts nothing.
        await system.PostAsync("/v1/credit-runs", $$"""{"site":"{{site}}","from":"{{from}}"}""", cancel);
        foreach (var model in SharingModels)
        {
            var report = await system.GetAsync($"/v1/reports/channels?site={site}&from={from}&timezone=UTC&model={model}", cancel);
            var at = report.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString()!).ToList().IndexOf("revenue");
            read._revenue[model] = report.GetProperty("rows").EnumerateArray().Sum(row => Number(row[at]));
        }
        foreach (var segment in (await system.GetAsync("/v1/segments", cancel)).EnumerateArray())
            read._members[segment.GetProperty("name").GetString()!] = segment.GetProperty("members").GetInt64();
        return read;
    }

    private static decimal Number(JsonElement cell) => cell.ValueKind == JsonValueKind.Null ? 0 : cell.GetDecimal();

    /// <summary>Prints planted and reported; returns the number of figures that differ.</summary>
    public int Print(DemoTruth truth, DemoComparison before, TextWriter to)
    {
        var wrong = 0;
        foreach (var (model, channels) in truth.Channels)
        {
            to.WriteLine($"\n{model,-17}{string.Concat(Figures.Select(f => $"{f,17}"))}");
            var names = channels.Keys.Union(_channels.Keys.Where(k => k.Model == model).Select(k => k.Channel)).Order(StringComparer.Ordinal);
            foreach (var channel in names)
            {
                var planted = channels.GetValueOrDefault(channel) ?? new ChannelTruth();
                var cells = Figures.Select(f => Cell(Planted(planted, f), Reported(before, model, channel, f), ref wrong)).ToList();
                to.WriteLine($"{channel,-17}{string.Concat(cells.Select(c => $"{c,17}"))}");
            }
        }
        to.WriteLine("\nrevenue of all channels");
        foreach (var model in SharingModels) to.WriteLine($"{model,-17}{Cell(truth.Revenue, _revenue[model] - before._revenue[model], ref wrong),17}");
        to.WriteLine("\nsegment");
        foreach (var (segment, planted) in truth.Members)
            to.WriteLine($"{segment,-17}{Cell(planted, _members.GetValueOrDefault(segment) - before._members.GetValueOrDefault(segment), ref wrong),17}");
        return wrong;
    }

    private decimal Reported(DemoComparison before, string model, string channel, string figure) =>
        _channels.GetValueOrDefault((model, channel, figure)) - before._channels.GetValueOrDefault((model, channel, figure));

    private static decimal Planted(ChannelTruth truth, string figure) => figure switch
    {
        "visitors" => truth.People.Count, "sessions" => truth.Sessions, "engaged_sessions" => truth.EngagedSessions, "leads" => truth.Leads,
        "customers" => truth.Customers, "conversions" => truth.Conversions,
        "cost" => truth.Cost, "impressions" => truth.Impressions, "clicks" => truth.Clicks, _ => truth.Revenue,
    };

    private static string Cell(decimal planted, decimal reported, ref int wrong)
    {
        if (planted == reported) return planted.ToString("0.##", CultureInfo.InvariantCulture);
        wrong++;
        return string.Create(CultureInfo.InvariantCulture, $"{planted:0.##}≠{reported:0.##}");
    }
}
