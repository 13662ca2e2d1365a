using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Registers the reports and maps <c>/v1/reports/…</c>; needs <see cref="IWarehouse"/> and <see cref="ISettings"/>.</summary>
public static class ReportsServices
{
    public static IServiceCollection AddReports(this IServiceCollection services, ReportsOptions options) =>
        services.AddSingleton(options).AddSingleton<ChannelsReport>();

    public static IEndpointRouteBuilder MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/reports/channels", ChannelsAsync).WithName("channels").WithSummary("From visitors to money per channel, source or campaign, with credit by model.");
        routes.MapGet("/v1/reports/{name}", (string name) => Error(404, "unknown_report", "There is no report of this name; available: channels."));
        return routes;
    }

    private static async Task<IResult> ChannelsAsync(HttpContext context, ChannelsReport report, ISettings settings, ReportsOptions options, TimeProvider time)
    {
        var access = ReportAccess.Of(context.Request, settings.Current, options);
        if (!access.IsKnown) return Error(401, "unauthorized", "A report needs 'Authorization: Bearer' with the admin key or the site's report key.");
        try
        {
            var request = ReportRequest.Read(context.Request.Query, access.Visible(settings.Current), time.GetUtcNow(), options);
            var answer = await report.AnswerAsync(request, context.RequestAborted);
            return WantsCsv(context.Request)
                ? Results.File(answer.Csv(), "text/csv; charset=utf-8", "channels.csv")
                : Results.Bytes(answer.Json(), "application/json");
        }
        catch (ReportMistake e)
        {
            // Another site's name and no site's name look the same to a report key.
            return Error(access.Site is not null && e.Parameter == "site" ? 403 : 400, "bad_parameter", e.Message, e.Parameter);
        }
        catch (WarehouseAwayException)
        {
            context.Response.Headers.RetryAfter = "5";
            return Error(503, "warehouse_away", "The warehouse does not answer now; try again soon.");
        }
    }

    private static bool WantsCsv(HttpRequest request) =>
        request.Query["format"] == "csv" || request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);

    private static IResult Error(int status, string code, string message, string? parameter = null) =>
        Results.Json(new { error = new { code, message, parameter } }, statusCode: status);
}
