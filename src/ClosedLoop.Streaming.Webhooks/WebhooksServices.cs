using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Webhooks;

public static class WebhooksServices
{
    /// <summary>
    /// Adds the messenger: <see cref="IWebhookDeliveries"/> and the loop that sends. Needs <see cref="ILog"/>, <see cref="IEmbeddedFile"/>,
    /// <see cref="ISettings"/>, <see cref="Keyring"/>; takes <see cref="IEndpointSwitch"/> and <see cref="TimeProvider"/> where they are.
    /// </summary>
    /// <param name="options">Already checked by <see cref="WebhooksOptions.Mistakes"/>.</param>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, WebhooksOptions options)
    {
        services.AddAddressCheck(options);
        services.TryAddSingleton<IEndpointSwitch>(at => at.GetService<SettingsStore>() is { } store ? new SettingsEndpointSwitch(store) : new NoEndpointSwitch());
        services.AddSingleton<WebhooksTelemetry>();
        services.AddSingleton<IAttemptSender, HttpAttemptSender>();
        services.AddSingleton<IDeliveryStore, SqliteDeliveryStore>();
        services.AddSingleton(at => new LaneContext(
            options, at.GetRequiredService<TimeProvider>(), at.GetRequiredService<IAttemptSender>(), at.GetRequiredService<IDeliveryStore>(),
            at.GetRequiredService<IEndpointSwitch>(), at.GetRequiredService<WebhooksTelemetry>(), at.GetRequiredService<ILogger<LaneContext>>()));
        services.AddSingleton<Lanes>();
        services.AddSingleton<Bookkeeper>();
        services.AddSingleton<IWebhookDeliveries, WebhookDeliveries>();
        services.AddSingleton<IHostedService, WebhooksRole>();
        return services;
    }

    /// <summary>For a process that manages endpoints while another one sends: addresses are checked, the rest is answered with the reason.</summary>
    public static IServiceCollection AddWebhooksElsewhere(this IServiceCollection services, WebhooksOptions options) =>
        services.AddAddressCheck(options).AddSingleton<IWebhookDeliveries, DeliveriesElsewhere>();

    private static IServiceCollection AddAddressCheck(this IServiceCollection services, WebhooksOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INameResolver, SystemNameResolver>();
        return services.AddSingleton(new AddressGuard(options.Allow)).AddSingleton<GuardedConnector>().AddSingleton<RefusalCheck>();
    }
}
