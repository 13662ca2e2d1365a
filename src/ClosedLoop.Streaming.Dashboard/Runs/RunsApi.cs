using System.ComponentModel;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/v1/credit-runs</c>: markov and shapley over all paths of a period, on request; the schedule does the same by itself.</summary>
internal sealed class RunsApi(SettingsStore settings, CreditRunner runner, TimeProvider time, DashboardOptions options)
{
    public void Map(RouteGroupBuilder routes)
    {
        routes.WithTags("Credit");
        routes.MapPost("", (Delegate)Run).Takes<RunBody>().Says<RunView[]>("runCredit", "Computes markov and shapley over the paths of a period and posts what differs from the ledger");
        routes.MapGet("", List).Says<RunView[]>("listCreditRuns", "The latest runs with what they found out, newest first");
    }

    private async Task<IResult> Run(HttpContext http)
    {
        var body = (await Given<RunBody>.ReadAsync(http, options, emptyToo: true)).Value;
        var now = settings.Current;
        var site = body.Site is { Length: > 0 } name ? Checks.Site(now, name)
            : now.Sites.Count == 1 ? now.Sites.Values.First() : throw ApiException.Field("site", $"is needed, because there are {now.Sites.Count} sites.");
        var last = LastDays(site, options.CreditRunDays, time.GetUtcNow());
        var period = last with { From = Date("from", body.From) ?? last.From, To = Date("to", body.To) ?? last.To };
        if (period.To < period.From || period.Days > DashboardOptions.CreditRunDaysMax) throw ApiException.Field("to", $"must be on or after 'from', at most {DashboardOptions.CreditRunDaysMax} days later.");
        var run = await runner.RunAsync(site, period, whole: true, evenEmpty: true, http.RequestAborted);
        return ApiJson.Answer(await new RunReader(runner.Warehouse).RunsAsync(site.Id, run, RunReader.RunsMax, http.RequestAborted));
    }

    private async Task<IResult> List(HttpContext http, [Description("Only runs of this site.")] string? site, [Description("At most 100.")] string? limit)
    {
        var found = string.IsNullOrEmpty(site) ? null : Checks.Site(settings.Current, site);
        var most = Checks.Limit("limit", limit, 20, RunReader.RunsMax);
        try { return ApiJson.Answer(await new RunReader(runner.Warehouse).RunsAsync(found?.Id, default, most, http.RequestAborted)); }
        catch (Warehouse.WarehouseAwayException e) { throw new ApiException(ApiRefusal.Unavailable, e.Message); }
    }

    /// <summary>Days up to today in the site's time zone.</summary>
    public static ReportPeriod LastDays(Site site, int days, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return new ReportPeriod(today.AddDays(1 - days), today, zone);
    }

    private static DateOnly? Date(string field, string? text) =>
        CostReader.Day(field, text) is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null;
}
