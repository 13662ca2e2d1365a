using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Host;

/// <summary>Whether this process can do its own work; names the part that is missing.</summary>
internal sealed class Readiness(HostSettings settings, IServiceProvider services)
{
    /// <summary>Empty: ready.</summary>
    public IReadOnlyList<string> Missing()
    {
        var missing = new List<string>();
        if (services.GetRequiredService<EmbeddedFile>().Failed.IsCompleted) missing.Add("log");
        if (settings.Has("processor") && !services.GetRequiredService<ProcessorService>().IsReady) missing.Add("states");
        return missing;
    }
}

internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("live\n"));
        routes.MapGet("/health/ready", (Readiness readiness) => readiness.Missing() is { Count: > 0 } missing
            ? Results.Json(new { ready = false, missing }, statusCode: 503)
            : Results.Json(new { ready = true, missing = Array.Empty<string>() }));
    }
}
