using System.Net;
using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Port;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>
/// The read-only ClickHouse HTTP port of the embedded warehouse: a small server of its own beside the doors, so that neither sees the
/// other's routes and limits. Starts with the process; queries answer 503 until the warehouse is there.
/// </summary>
public sealed class ClickHousePort : IHostedService, IAsyncDisposable
{
    private const int ConnectionsMax = 256;
    private const int RequestLineBytesMax = 128 * 1024;
    private const int HeaderBytesMax = 32 * 1024;

    private readonly WebApplication _server;

    public ClickHousePort(ChdbWarehouse warehouse, WarehouseOptions options, WarehouseTelemetry telemetry, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
            kestrel.Limits.MaxRequestBodySize = options.PortQueryBytesMax;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Listen(IPAddress.Parse(options.PortBind), options.Port);
        });
        _server = builder.Build();
        var handler = new PortHandler(warehouse, options, telemetry);
        _server.Run(handler.HandleAsync);
    }

    /// <summary>Where it listens, once started: http://127.0.0.1:8123.</summary>
    public string Address => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
