using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Webhooks;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Writes down that an endpoint answered 410, unless somebody has changed it in the meantime.</summary>
internal sealed class EndpointSwitch(SettingsStore settings, DashboardTelemetry telemetry) : IEndpointSwitch
{
    public async Task DisableAsync(string endpoint, long version, CancellationToken cancel)
    {
        await settings.UpdateAsync(now => now.Webhooks.TryGetValue(endpoint, out var known) && known.Version == version && !known.Disabled
            ? new SettingsChange { Webhook = known with { Disabled = true } } : null, cancel);
        telemetry.Changed("webhook");
    }
}
