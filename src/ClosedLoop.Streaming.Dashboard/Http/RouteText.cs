using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>The type whose shape a route's body has. Metadata for the description only: which content type came is not looked at.</summary>
internal sealed record BodyShape(Type Type);

/// <summary>What the description says of a route.</summary>
internal static class RouteText
{
    public static RouteHandlerBuilder Says<T>(this RouteHandlerBuilder route, string name, string summary, int status = 200) =>
        route.WithName(name).WithSummary(summary).Produces<T>(status, "application/json").Refuses();

    public static RouteHandlerBuilder SaysNothing(this RouteHandlerBuilder route, string name, string summary) =>
        route.WithName(name).WithSummary(summary).Produces(204).Refuses();

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route) => route.WithMetadata(new BodyShape(typeof(T)));

    private static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route) =>
        route.Produces<ErrorView>(400, "application/json").Produces<ErrorView>(401, "application/json").Produces<ErrorView>(403, "application/json");
}
