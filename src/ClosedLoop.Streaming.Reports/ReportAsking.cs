using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Reports;

/// <summary>What all reports do around their question: who asks, JSON or CSV, and what is said when it can't be answered.</summary>
internal sealed partial class ReportAsking(ISettings settings, ReportsOptions options, TimeProvider time, ILogger<ReportAsking> log)
{
    /// <param name="http">The request.</param>
    /// <param name="name">Name of the report, and of its CSV file.</param>
    /// <param name="ask">Reads the request with the sites that the key may see, and answers.</param>
    /// <param name="file">Another CSV than rows under column names; null where it is just that.</param>
    public async Task<IResult> AnswerAsync(HttpContext http, string name,
        Func<SettingsSnapshot, DateTimeOffset, ReportsOptions, CancellationToken, Task<ReportAnswer>> ask, Func<ReportAnswer, byte[]?>? file = null)
    {
        var access = ReportAccess.Of(http.Request, settings.Current, options);
        if (!access.IsKnown) return Error(401, "unauthorized", "A report needs 'Authorization: Bearer' with the admin key or the site's report key.");
        try
        {
            var answer = await ask(access.Visible(settings.Current), time.GetUtcNow(), options, http.RequestAborted);
            if (file?.Invoke(answer) is { } own) return Results.File(own, "text/csv; charset=utf-8", name + ".csv");
            return WantsCsv(http.Request) ? Results.File(answer.Csv(), "text/csv; charset=utf-8", name + ".csv") : Results.Bytes(answer.Json(), "application/json");
        }
        catch (ReportMistake e)
        {
            // Another site's name and no site's name look the same to a report key.
            return Error(access.Site is not null && e.Parameter == "site" ? 403 : 400, "bad_parameter", e.Message, e.Parameter);
        }
        catch (WarehouseAwayException)
        {
            http.Response.Headers.RetryAfter = "5";
            return Error(503, "warehouse_away", "The warehouse does not answer now; try again soon.");
        }
        catch (WarehouseException e)
        {
            var failure = ReportFailure.Of(e, options);
            if (failure.Status == 500) LogFailed(log, name, e.Code, e.Name);
            return Error(failure.Status, failure.Code, failure.Message);
        }
    }

    internal static IResult Error(int status, string code, string message, string? parameter = null) =>
        Results.Json(new { error = new { code, message, parameter } }, statusCode: status);

    private static bool WantsCsv(HttpRequest request) =>
        request.Query["format"] == "csv" || request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);

    // The engine's text repeats the values of the question, which may be a person's: code and name are enough to look it up.
    [LoggerMessage(Level = LogLevel.Error, Message = "The report {Report} failed in the warehouse: {Code} {Name}")]
    private static partial void LogFailed(ILogger log, string report, int code, string name);
}
