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
        services.AddSingleton(options).AddSingleton<ReportAsking>().AddSingleton<ChannelsReport>().AddSingleton<PathsReport>().AddSingleton<ConversionsReport>();

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
        routes.MapGet("/v1/reports/conversions", Conversions)
            .WithName("conversions").WithSummary("Conversions with their ad click, also as files for ad networks.")
            .WithDescription(ConversionsParameters.Text);
        routes.MapGet("/v1/reports/{name}", (string name) => ReportAsking.Error(404, "unknown_report", "There is no report of this name; available: channels, paths, conversions."));
        return routes;
    }

    private static Task<IResult> Conversions(HttpContext http, [AsParameters] ConversionsParameters _, ReportAsking asking, ConversionsReport report)
    {
        ConversionsRequest? request = null;
        return asking.AnswerAsync(http, "conversions", (settings, now, options, cancel) =>
        {
            request = ConversionsRequest.Read(http.Request.Query, settings, now, options);
            return report.AnswerAsync(request, cancel);
        }, answer => request!.Format switch
        {
            ConversionsRequest.GoogleAds => GoogleAdsFile.Conversions(request, answer),
            ConversionsRequest.GoogleAdjustments => GoogleAdsFile.Adjustments(request, answer),
            ConversionsRequest.Generic => answer.Csv(),
            _ => null,
        });
    }
}
