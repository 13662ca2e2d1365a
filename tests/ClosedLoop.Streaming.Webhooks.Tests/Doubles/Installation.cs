using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>The messenger as the Host runs it: the embedded file, the settings' log, real sockets, real time.</summary>
public sealed class Installation : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-").FullName;
    private IHost? _host;

    public ILog Log => _host!.Services.GetRequiredService<ILog>();
    public SettingsStore Settings => _host!.Services.GetRequiredService<SettingsStore>();
    public IWebhookDeliveries Deliveries => _host!.Services.GetRequiredService<IWebhookDeliveries>();

    public async Task StartAsync(WebhooksOptions? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var services = builder.Services;
        services.AddEmbeddedLog(new EmbeddedLogOptions { Path = Path.Combine(_folder, "closedloop.db"), FreeBytesMin = 0, Durability = Durability.PageCache });
        services.AddSettings(MemorySettings.Keys);
        services.AddWebhooks(options ?? new WebhooksOptions { Allow = ["127.0.0.0/8"], WriteEvery = TimeSpan.FromMilliseconds(50) });
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task StopAsync()
    {
        await _host!.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _host = null;
    }

    public async Task<string> EndpointAsync(string id, Uri url)
    {
        var secret = WebhookSecret.Create();
        var sealedSecret = MemorySettings.Keys.Seal(System.Text.Encoding.UTF8.GetBytes(secret));
        await Settings.UpdateAsync(_ => new SettingsChange
        {
            Webhook = new WebhookEndpoint { Id = id, Url = url.ToString(), Secrets = [new SealedSecret(sealedSecret, 0)] },
        });
        return secret;
    }

    /// <summary>Waits for something that must come; the bound only keeps a broken test from hanging.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; i < 6_000; i++)
        {
            if (holds()) return;
            await Task.Delay(10);
        }
        Assert.Fail("It did not happen within a minute.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
