using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Registers the reports and maps <c>/v1/reports/…</c>; needs <see cref="IWarehouse"/> and <c>ISettings</c>.</summary>
public static class ReportsServices
{
    public static IServiceCollection AddReports(this IServiceCollection services, ReportsOptions options) =>
        services.AddSingleton(options).AddSingleton<ReportAsking>().AddSingleton<ChannelsReport>().AddSingleton<PathsReport>();

    public static IEndpointRouteBuilder MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/reports/channels", (HttpContext http, [AsParameters] ChannelsParameters _, ReportAsking asking, ChannelsReport report) =>
                asking.AnswerAsync(http, "channels", (settings, now, options, cancel) => report.AnswerAsync(ChannelsRequest.Read(http.Request.Query, settings, now, options), cancel)))
            .WithName("channels").WithSummary("From visitors to money per channel, source or campaign, with credit by model.")
            .WithDescription(ChannelsParameters.Text);
        routes.MapGet("/v1/reports/paths", (HttpContext http, [AsParameters] PathsParameters _, ReportAsking asking, PathsReport report) =>
                asking.AnswerAsync(http, "paths", (settings, now, options, cancel) => report.AnswerAsync(PathsRequest.Read(http.Request.Query, settings, now, options), cancel)))
            .WithName("paths").WithSummary("From page to page or from channel to channel: who goes where, and where paths end.")
            .WithDescription(PathsParameters.Text);
        routes.MapGet("/v1/reports/{name}", (string name) => ReportAsking.Error(404, "unknown_report", "There is no report of this name; available: channels, paths."));
        return routes;
    }
}
