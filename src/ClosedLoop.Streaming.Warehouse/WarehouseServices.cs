using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Server;
using ClosedLoop.Streaming.Warehouse.Sink;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>Registration of the warehouse.</summary>
public static class WarehouseServices
{
    /// <summary>The warehouse itself, for reads: <see cref="IWarehouse"/>, embedded or a server as the options say.</summary>
    public static IServiceCollection AddWarehouse(this IServiceCollection services, WarehouseOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<WarehouseTelemetry>();
        if (string.IsNullOrEmpty(options.ServerUrl))
        {
            services.AddSingleton<ChdbWarehouse>();
            services.AddSingleton<IWarehouse>(provider => provider.GetRequiredService<ChdbWarehouse>());
        }
        else
        {
            services.AddSingleton<IWarehouse, ServerWarehouse>(provider => new ServerWarehouse(provider.GetRequiredService<WarehouseOptions>()));
        }
        return services;
    }

    /// <summary>
    /// The sink, where facts become rows; needs <see cref="ILog"/>, and <see cref="IEmbeddedFile"/> or a <see cref="RedisLink"/>: where there is
    /// one, the book is kept there, so that the role may go on on another machine.
    /// </summary>
    public static IServiceCollection AddWarehouseSink(this IServiceCollection services)
    {
        services.AddSingleton(provider => new WarehouseSink(
            provider.GetRequiredService<ILog>(), provider.GetRequiredService<IWarehouse>(),
            provider.GetService<RedisLink>() is { } redis ? new RedisRoundBook(redis) : new EmbeddedRoundBook(provider.GetRequiredService<IEmbeddedFile>()), provider.GetRequiredService<WarehouseOptions>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<WarehouseTelemetry>(),
            provider.GetRequiredService<ILogger<WarehouseSink>>()));
        services.AddHostedService(provider => provider.GetRequiredService<WarehouseSink>());
        return services;
    }

    /// <summary>The read-only ClickHouse HTTP port of the embedded warehouse; needs <see cref="AddWarehouse"/>. A server has a port of its own: then nothing is added.</summary>
    public static IServiceCollection AddClickHousePort(this IServiceCollection services)
    {
        if (services.All(service => service.ServiceType != typeof(ChdbWarehouse))) return services;
        services.AddSingleton<ClickHousePort>();
        services.AddHostedService(provider => provider.GetRequiredService<ClickHousePort>());
        return services;
    }
}
