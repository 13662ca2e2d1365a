using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What a run reads of the warehouse.</summary>
internal sealed class RunReader(IWarehouse warehouse)
{
    /// <summary>Distinct ways that a run counts; a period with more is refused.</summary>
    public const int WaysMax = 200_000;
    /// <summary>Runs of one answer.</summary>
    public const int RunsMax = 100;

    private static readonly QueryLimits Limits = QueryLimits.Default with { ExecutionTimeMax = TimeSpan.FromMinutes(5), MemoryBytesMax = 1024L * 1024 * 1024 };

    public async Task<long> CountAsync(Site site, ReportPeriod period, CancellationToken cancel) =>
        Number((await AskAsync(RunSql.Count, Parameters(site, period), cancel))[0][0]);

    /// <summary>Ways to goals, and ways of people with the goals that they reached.</summary>
    /// <exception cref="ApiException">More than <see cref="WaysMax"/>.</exception>
    public async Task<List<CountedWay>> WaysAsync(Site site, ReportPeriod period, CancellationToken cancel)
    {
        var parameters = Parameters(site, period);
        parameters["ways"] = (WaysMax + 1).ToString(CultureInfo.InvariantCulture);
        var reached = await AskAsync(RunSql.Ways, parameters, cancel);
        var people = await AskAsync(RunSql.PeoplesWays, parameters, cancel);
        if (Math.Max(reached.Count, people.Count) > WaysMax)
            throw new ApiException(ApiRefusal.LimitReached, $"The period has more than {WaysMax} different paths; choose a shorter one.");
        return
        [
            .. reached.Select(r => new CountedWay(r[0].GetString(), [], Texts(r[1]), Number(r[2]))),
            .. people.Select(r => new CountedWay(null, Texts(r[0]), Texts(r[1]), Number(r[2]))),
        ];
    }

    /// <summary>The ledger of one bucket of the chosen conversions, by conversion.</summary>
    public async Task<IReadOnlyList<IGrouping<string, LedgerLine>>> LinesAsync(Site site, ReportPeriod period, int bucket, int buckets, CancellationToken cancel)
    {
        var parameters = Parameters(site, period);
        parameters["bucket"] = bucket.ToString(CultureInfo.InvariantCulture);
        parameters["buckets"] = buckets.ToString(CultureInfo.InvariantCulture);
        return [.. (await AskAsync(RunSql.Lines, parameters, cancel)).Select(Line).GroupBy(l => l.Conversion, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<RunView>> RunsAsync(string? site, Id run, int limit, CancellationToken cancel)
    {
        var parameters = new Dictionary<string, string> { ["site"] = site ?? "", ["run"] = run == Id.None ? "" : run.ToString(), ["limit"] = limit.ToString(CultureInfo.InvariantCulture) };
        var rows = await AskAsync(RunSql.Runs, parameters, cancel);
        parameters = new Dictionary<string, string> { ["site"] = site ?? "", ["runs"] = string.Join(',', rows.Select(r => r[0].GetString()).Distinct()) };
        var effects = (await AskAsync(RunSql.Effects, parameters, cancel)).ToLookup(e => (e[0].GetString(), e[1].GetString()),
            e => new EffectView(e[2].GetString()!, e[3].GetString()!, Decimal(e[4]), Decimal(e[5]), Number(e[6])));
        return [.. rows.Select(r => new RunView(r[0].GetString()!, r[1].GetString()!, r[2].GetString()!, r[3].GetString()!, r[4].GetString()!, (int)Number(r[5]), Number(r[6]), Number(r[7]),
            Number(r[8]), ApiJson.Time(Number(r[9]))!, [.. effects[(r[0].GetString(), r[2].GetString())]]))];
    }

    private Task<IReadOnlyList<JsonElement>> AskAsync(string sql, Dictionary<string, string> parameters, CancellationToken cancel) =>
        warehouse.RowsAsync(new WarehouseQuery(sql) { Parameters = parameters, Limits = Limits }, cancel);

    private static Dictionary<string, string> Parameters(Site site, ReportPeriod period) => new(period.Parameters) { ["site"] = site.Id };

    private static LedgerLine Line(JsonElement row) => new(
        row[0].GetString()!, row[1].GetString()!, Id.TryParse(row[2].GetString(), out var touch) ? touch : Id.None, row[3].GetString()!, row[4].GetString()!, row[5].GetString()!,
        row[6].GetString()!, MoneyOf(row[7]), (int)Number(row[8]), MoneyOf(row[9]), Number(row[10]) > 0, Number(row[11]))
    {
        Kind = row[12].GetString()!, OccurredMs = Number(row[13]), VisitorId = row[14].GetString()!, LeadId = row[15].GetString()!, Currency = row[16].GetString()!,
    };

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(t => t.GetString()!)];

    private static long Number(JsonElement text) => long.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static decimal Decimal(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static long MoneyOf(JsonElement text) => (long)(Decimal(text) * Money.Unit);
}
