using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Registration of management, reading and the pages.</summary>
public static class DashboardServices
{
    /// <summary>
    /// Needs <see cref="SettingsStore"/>, <see cref="Keyring"/>, and processor and messenger, each in this process or registered as being elsewhere:
    /// then what only they know is answered 503 with the reason.
    /// </summary>
    /// <exception cref="ArgumentException">The settings are wrong; the message holds every mistake.</exception>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new ArgumentException(string.Join(Environment.NewLine, mistakes), nameof(options));
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new LinkSigner(provider.GetRequiredService<Keyring>().LinkKey));
        services.Replace(ServiceDescriptor.Singleton<IEndpointSwitch, EndpointSwitch>());
        services.AddSingleton<DashboardTelemetry>().AddSingleton<KeyCheck>().AddSingleton<PublicAddress>().AddSingleton<ErrorFilter>();
        services.AddSingleton<LiveStates>().AddSingleton<PeopleShelves>().AddSingleton<CensusTaker>().AddSingleton<PeopleCount>().AddSingleton<MemberPages>().AddSingleton<Preview>().AddSingleton<PersonReader>();
        services.AddSingleton<SitesApi>().AddSingleton<LinksApi>().AddSingleton<SegmentsApi>().AddSingleton<MembersApi>().AddSingleton<PeopleApi>()
            .AddSingleton<OwnVisitorApi>().AddSingleton<WebhooksApi>().AddSingleton<DeliveriesApi>();
        services.TryAddSingleton(Rates.None);
        services.AddSingleton<CostLog>().AddSingleton<CostReader>().AddSingleton<CostsApi>().AddHostedService<LinkCosts>();
        services.AddSingleton<CreditRunner>().AddSingleton<RunsApi>().AddHostedService<RunSchedule>();
        services.AddSingleton<PageSession>().AddSingleton<OverviewPage>().AddSingleton<ChannelsPanel>().AddSingleton<PathsPage>().AddSingleton<PageRoutes>();
        return services.AddApiDocument();
    }

    /// <summary>All routes of this room: <c>/v1/…</c>, <c>/openapi/v1.json</c>, <c>/</c> and <c>/dashboard</c>.</summary>
    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var keys = services.GetRequiredService<KeyCheck>();
        RouteGroupBuilder Group(string path) => routes.MapGroup(path).AddEndpointFilter(services.GetRequiredService<ErrorFilter>());

        services.GetRequiredService<SitesApi>().Map(Group("/v1/sites").Opens(keys));
        services.GetRequiredService<LinksApi>().Map(Group("/v1/links").Opens(keys));
        services.GetRequiredService<CostsApi>().Map(Group("/v1/costs").Opens(keys));
        services.GetRequiredService<RunsApi>().Map(Group("/v1/credit-runs").Opens(keys));
        var segments = Group("/v1/segments").Opens(keys);
        services.GetRequiredService<SegmentsApi>().Map(segments);
        services.GetRequiredService<MembersApi>().Map(segments);
        services.GetRequiredService<PeopleApi>().Map(Group("/v1").Opens(keys, writeKeyToo: true));
        services.GetRequiredService<OwnVisitorApi>().Map(Group("/v1"));
        var webhooks = Group("/v1/webhooks").Opens(keys);
        services.GetRequiredService<WebhooksApi>().Map(webhooks);
        services.GetRequiredService<DeliveriesApi>().Map(webhooks);
        services.GetRequiredService<PageRoutes>().Map(routes);
        routes.MapOpenApi("/openapi/{documentName}.json");
        return routes;
    }
}
