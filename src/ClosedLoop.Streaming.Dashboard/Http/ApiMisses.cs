using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Answers of the router itself, in the form of all other errors.</summary>
public static class ApiMisses
{
    /// <summary>Under <c>/v1</c> an unknown address or method is answered with JSON. Call before routing.</summary>
    public static IApplicationBuilder UseApiMisses(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        await next(http);
        var response = http.Response;
        if (response.HasStarted || response.StatusCode is not (404 or 405) || response.ContentType is not null || !http.Request.Path.StartsWithSegments("/v1")) return;
        var part = response.StatusCode == 404 ? new ErrorPart("not_found", "There is nothing at this address; /openapi/v1.json says what there is.")
            : new ErrorPart("method_not_allowed", $"This address answers {response.Headers.Allow}.");
        await response.WriteAsJsonAsync(new ErrorView(part), ApiJson.Options, "application/json", http.RequestAborted);
    });
}
