using System.Collections.Frozen;
using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>Settings that tests change; also what a 410 is written to.</summary>
public sealed class MemorySettings(Keyring keyring) : ISettings, IEndpointSwitch
{
    public SettingsSnapshot Current { get; private set; } = new();
    public event Action<SettingsSnapshot>? Changed;

    public static Keyring Keys { get; } = new(new byte[32]);

    public string Seal(string secret) => keyring.Seal(Encoding.UTF8.GetBytes(secret));

    public WebhookEndpoint Endpoint(string id, Func<WebhookEndpoint, WebhookEndpoint>? change = null)
    {
        var endpoint = new WebhookEndpoint
        {
            Id = id, Url = $"http://{id}.example/hook", First = true, Version = 1, Secrets = [new SealedSecret(Seal(WebhookSecret.Create()), 0)],
        };
        endpoint = change?.Invoke(endpoint) ?? endpoint;
        Put(Current.Webhooks.Values.Where(e => e.Id != id).Append(endpoint));
        return endpoint;
    }

    public void Change(string id, Func<WebhookEndpoint, WebhookEndpoint> change) =>
        Endpoint(id, _ => change(Current.Webhooks[id]) with { Version = Current.Webhooks[id].Version + 1 });

    public void Remove(string id) => Put(Current.Webhooks.Values.Where(e => e.Id != id));

    public void Segments(params SegmentSetting[] segments) =>
        Swap(Current with { Segments = segments.ToFrozenDictionary(s => s.Name) });

    public Task DisableAsync(string endpoint, long version, CancellationToken cancel)
    {
        if (Current.Webhooks[endpoint].Version == version) Change(endpoint, e => e with { Disabled = true });
        return Task.CompletedTask;
    }

    private void Put(IEnumerable<WebhookEndpoint> endpoints) => Swap(Current with { Webhooks = endpoints.ToFrozenDictionary(e => e.Id) });

    private void Swap(SettingsSnapshot next)
    {
        Current = next;
        Changed?.Invoke(next);
    }
}
