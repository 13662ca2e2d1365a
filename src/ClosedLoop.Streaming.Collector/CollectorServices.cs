using ClosedLoop.Streaming.Collector.Agents;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Registration of the doors.</summary>
public static class CollectorServices
{
    /// <summary>Needs <see cref="ILog"/>, <see cref="ISettings"/> and <see cref="Keyring"/> from the rooms above.</summary>
    /// <exception cref="ArgumentException">The settings are wrong; the message holds every mistake.</exception>
    public static IServiceCollection AddCollector(this IServiceCollection services, CollectorOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) throw new ArgumentException(string.Join(Environment.NewLine, mistakes), nameof(options));
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChance, SystemChance>();
        services.TryAddSingleton(provider => Agents(provider, options));
        services.TryAddSingleton(Rates.None);
        services.AddSingleton<CollectorTelemetry>();
        services.AddSingleton<CollectorPipeline>();
        Decorate(services);
        services.AddSingleton(provider => new LinkSigner(provider.GetRequiredService<Keyring>().LinkKey));
        return services;
    }

    /// <summary>Puts the doors inside the server that is registered. Without one (an in-memory test server comes later) they stand in the pipeline alone.</summary>
    private static void Decorate(IServiceCollection services)
    {
        var server = services.LastOrDefault(d => d.ServiceType == typeof(IServer) && d.ImplementationType is not null);
        if (server is null) return;
        services.Remove(server);
        services.AddSingleton<IServer>(provider => new CollectorServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, server.ImplementationType!), provider.GetRequiredService<CollectorPipeline>()));
    }

    private static AgentClassifier Agents(IServiceProvider provider, CollectorOptions options)
    {
        Span<byte> seed = stackalloc byte[8];
        provider.GetRequiredService<IChance>().Fill(seed);
        var agents = AgentClassifier.Load(AgentList.Find(options.AgentListPath), BitConverter.ToUInt64(seed));
        if (!agents.HasList && provider.GetService<ILogger<CollectorPipeline>>() is { } logger) SmallList(logger, null);
        return agents;
    }

    private static readonly Action<ILogger, Exception?> SmallList = LoggerMessage.Define(LogLevel.Warning, new EventId(1, "SmallAgentList"),
        "The list of crawlers' agents is not there (artifacts/agents/crawler-user-agents.json; ./dev fetches it): only the best-known bots are told from people.");

    /// <summary>Puts the doors first. Call before anything else is put on the application.</summary>
    public static IApplicationBuilder UseCollector(this IApplicationBuilder app)
    {
        var pipeline = app.ApplicationServices.GetRequiredService<CollectorPipeline>();
        return app.Use(pipeline.Before);
    }

    /// <summary>The limits of CONTRACT.md §2 that the server itself keeps.</summary>
    public static void ConfigureKestrel(this CollectorOptions options, KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = options.RequestLineBytesMax;
        limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        limits.MaxRequestHeaderCount = options.HeaderCountMax;
        limits.MaxRequestBodySize = options.BodyBytesMax;
        limits.MaxConcurrentConnections = options.ConnectionsMax;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.HeadersSecondsMax);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(options.IdleSecondsMax);
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(MangledVersion.Before));
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
