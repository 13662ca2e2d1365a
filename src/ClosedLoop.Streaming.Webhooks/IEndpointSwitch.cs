using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Writes into the settings that an endpoint wants no more messages. </summary>
public interface IEndpointSwitch
{
    /// <summary>Sets <c>disabled</c>, unless the endpoint was changed since <paramref name="version"/>.</summary>
    Task DisableAsync(string endpoint, long version, CancellationToken cancel);
}

/// <summary>Writes into the settings' log.</summary>
public sealed class SettingsEndpointSwitch(SettingsStore settings) : IEndpointSwitch
{
    public Task DisableAsync(string endpoint, long version, CancellationToken cancel) => settings.UpdateAsync(
        now => now.Webhooks.TryGetValue(endpoint, out var found) && found.Version == version && !found.Disabled
            ? new SettingsChange { Webhook = found with { Disabled = true } } : null, cancel);
}

/// <summary>Where nobody writes settings: the lane stops by itself until the process ends.</summary>
public sealed class NoEndpointSwitch : IEndpointSwitch
{
    public Task DisableAsync(string endpoint, long version, CancellationToken cancel) => Task.CompletedTask;
}
