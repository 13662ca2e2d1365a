using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Host;

/// <summary>Whether each role of this process can do its own work; names the part that is missing.</summary>
internal sealed class Readiness(HostSettings settings, ISettings published, IServiceProvider services)
{
    /// <summary>What the role waits for; empty: nothing.</summary>
    public IReadOnlyList<string> MissingOf(string role)
    {
        var missing = new List<string>();
        if (!HasLog) missing.Add("log");
        if (role is "processor" or "dashboard" && !HasStore) missing.Add("redis");
        switch (role)
        {
            // Without any site every hit would be refused; the role dashboard makes the first one.
            case "collector" when published.Current.Sites.Count == 0: missing.Add("settings"); break;
            case "processor" when !services.GetRequiredService<ProcessorService>().IsReady: missing.Add("states"); break;
            case "warehouse" when !services.GetRequiredService<WarehouseSink>().IsReady: missing.Add("warehouse"); break;
            case "dashboard" when services.GetRequiredService<IStateReader>() is { Unavailable: not null } and not NoStates: missing.Add("states"); break;
        }
        return missing;
    }

    /// <summary>
    /// What keeps this process from being sent work; empty: nothing. Doors that can make a hit durable are open whatever else waits in the same
    /// process, for a balancer that closed them would lose hits.
    /// </summary>
    public IReadOnlyList<string> Missing()
    {
        var roles = settings.Has("collector") ? settings.Roles.Where(role => role is "collector" or "processor") : settings.Roles;
        return [.. roles.SelectMany(MissingOf).Distinct()];
    }

    private bool HasLog => services.GetService<EmbeddedFile>()?.Failed.IsCompleted != true && services.GetService<KafkaLog>()?.IsAccepting != false;

    private bool HasStore => services.GetService<RedisLink>()?.IsConnected != false;
}

internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("live\n"));
        routes.MapGet("/health/ready", (Readiness readiness, HostSettings settings) =>
        {
            var missing = readiness.Missing();
            return Results.Json(new { ready = missing.Count == 0, missing, roles = settings.Roles.ToDictionary(role => role, readiness.MissingOf) },
                statusCode: missing.Count == 0 ? 200 : 503);
        });
        routes.MapGet("/health/ready/{role}", (string role, Readiness readiness, HostSettings settings) =>
        {
            if (!settings.Has(role)) return Results.Json(new { ready = false, missing = new[] { "role" } }, statusCode: 404);
            var missing = readiness.MissingOf(role);
            return Results.Json(new { ready = missing.Count == 0, missing }, statusCode: missing.Count == 0 ? 200 : 503);
        });
    }
}
