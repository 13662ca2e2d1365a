using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Dashboard;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Host.Metrics;
using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Host;

/// <summary>The parts of one process, wired: what a role needs is there, what it doesn't need is not.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningSystem(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    /// <summary>Everything is open and the doors answer when the task completes.</summary>
    public static async Task<RunningSystem> StartAsync(HostSettings settings, CancellationToken cancel, TimeProvider? time = null)
    {
        await StartChecks.RunAsync(settings, cancel);
        var folder = DataFolder.Open(settings);
        FreePorts.Check(settings);
        if (File.Exists(Verbs.Migrations.MigrationMark.FileIn(settings.Data)))
            throw new StartException("A migration into this data folder was cut off. Run `closedloop migrate` again; it goes on and finishes.");
        if (File.Exists(Verbs.Replays.ReplayMark.FileIn(settings.Data)))
            throw new StartException("A replay of this data folder was cut off. Run `closedloop replay` again; it goes on and finishes.");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddConfiguration(settings.Configuration.GetSection("Logging")).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings));
        if (settings.Roles is ["collector"]) WorkWhereBytesArrive(builder.WebHost);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddSingleton<IHostLifetime, ConsoleLifetime>();
        AddParts(builder.Services, settings, folder);
        cancel.ThrowIfCancellationRequested();
        var app = builder.Build();
        try
        {
            MapParts(app, settings);
            await app.StartAsync(cancel);
        }
        catch
        {
            // What has begun by then is let go in order: a process that ends while the warehouse's engine is being opened dies of it.
            await app.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await app.DisposeAsync();
            throw;
        }
        return new RunningSystem(app);
    }

    public Task WaitAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>
    /// A process of nothing but doors does nothing that blocks, so a hit is worked on by the thread that waits for the sockets: handing it to
    /// another one and back costs a fifth of it. Where reports and pages are served too, one of them could hold up everybody's hits.
    /// </summary>
    private static void WorkWhereBytesArrive(IWebHostBuilder web)
    {
        // Read once by the runtime, before its first socket; there is no other way to say it.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        web.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, HostSettings settings)
    {
        settings.Collector.ConfigureKestrel(kestrel);
        kestrel.Listen(System.Net.IPAddress.Parse(settings.Bind), settings.Port);
    }

    private static void AddParts(IServiceCollection services, HostSettings settings, DataFolder folder)
    {
        settings.Collector.AdminKeySha256 = settings.Reports.AdminKeySha256 = settings.Dashboard.AdminKeySha256 = SiteKeys.Sha256(folder.AdminKey);
        settings.Warehouse.PortPassword = folder.DashboardPassword;
        settings.Warehouse.AppliesSchema = settings.Has("warehouse");
        services.AddSingleton(settings).AddSingleton(folder).AddRouting();
        AddLogAndStates(services, settings);
        services.AddSettings(new Keyring(folder.Master)).AddRates(settings.Money);
        // First of all hosted services: settings are read and published before anything works or answers.
        services.AddSingleton<FirstSteps>().AddHostedService(p => p.GetRequiredService<FirstSteps>());
        services.AddSingleton<Readiness>().AddSingleton<Verification>();
        settings.Grains.Register(services, settings);
        if (settings.Has("processor")) services.AddProcessor(settings.Processor);
        else if (settings.Has("dashboard")) services.AddProcessorElsewhere();
        if (settings.Has("warehouse") || settings.Has("dashboard")) services.AddWarehouse(settings.Warehouse);
        if (settings.Has("warehouse")) services.AddWarehouseSink().AddClickHousePort();
        if (settings.Has("webhooks")) services.AddWebhooks(settings.Webhooks);
        else if (settings.Has("dashboard")) services.AddWebhooksElsewhere(settings.Webhooks);
        if (settings.Has("dashboard")) services.AddReports(settings.Reports).AddDashboard(settings.Dashboard);
        if (settings.Has("collector")) services.AddCollector(settings.Collector);
        services.AddSingleton<HostTelemetry>().AddSingleton<PrometheusText>().AddHostedService(p => p.GetRequiredService<PrometheusText>()).AddHostedService<Traces>();
    }

    private static void AddLogAndStates(IServiceCollection services, HostSettings settings)
    {
        if (!settings.UsesKafka) services.AddEmbeddedLog(settings.Log);
        else services.AddKafkaLog(settings.Kafka);
        var keepsStates = settings.Has("processor") && !settings.UsesRedis;
        if (settings.UsesKafka && (settings.Has("webhooks") || settings.Has("warehouse") || keepsStates)) services.AddEmbeddedFile(settings.Log);
        if (settings.UsesRedis && settings.NeedsRedis) services.AddRedisStates(settings.Redis).AddSavedStateReader();
        else if (keepsStates && settings.UsesKafka) services.AddEmbeddedStatesBesideLog(settings.States);
        else if (keepsStates) services.AddEmbeddedStates(settings.States);
    }

    private static void MapParts(WebApplication app, HostSettings settings)
    {
        if (settings.Has("collector")) app.UseCollector();
        if (settings.Has("dashboard")) app.UseApiMisses();
        app.UseRouting();
        app.MapHealth();
        app.MapMetrics();
        app.Services.GetRequiredService<HostTelemetry>();
        if (settings.Has("dashboard")) app.MapDashboard().MapReports();
        if (settings.Has("dashboard") && (settings.Has("processor") || settings.UsesRedis)) app.MapVerify();
    }
}
