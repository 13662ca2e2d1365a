using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Warehouse;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>One form of the system with nothing running in it: its log, its states, its bookkeeping, its warehouse.</summary>
internal sealed class MigrationSide : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private MigrationSide(HostSettings settings, ServiceProvider services)
    {
        (Settings, _services) = (settings, services);
        File = services.GetRequiredService<IEmbeddedFile>();
        Log = services.GetRequiredService<ILog>();
        Identity = services.GetRequiredService<ILogIdentity>().Identity;
        Journal = services.GetRequiredService<IJournal>();
        Warehouse = services.GetRequiredService<IWarehouse>();
    }

    public HostSettings Settings { get; }
    public IEmbeddedFile File { get; }
    public ILog Log { get; }
    public string Identity { get; }
    public IJournal Journal { get; }
    public IWarehouse Warehouse { get; }

    public string Name => Settings.UsesKafka ? $"Kafka {Settings.Kafka.Brokers} ({Settings.Kafka.Prefix})" : Settings.Log.Path;

    /// <exception cref="InvalidOperationException">Something can't be opened: in use, away, of another kind.</exception>
    public static async Task<MigrationSide> OpenAsync(HostSettings settings, CancellationToken cancel)
    {
        Directory.CreateDirectory(settings.Data);
        var services = new ServiceCollection().AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning))
            .AddSingleton(TimeProvider.System).AddSingleton<IHostApplicationLifetime, Replays.NoLifetime>();
        if (settings.UsesKafka) services.AddKafkaLog(settings.Kafka).AddEmbeddedFile(settings.Log).AddRedisStates(settings.Redis);
        else services.AddEmbeddedLog(settings.Log).AddEmbeddedStates(settings.States);
        services.AddWarehouse(settings.Warehouse);
        var side = new MigrationSide(settings, services.BuildServiceProvider());
        await side.Warehouse.StartAsync(cancel);
        return side;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
