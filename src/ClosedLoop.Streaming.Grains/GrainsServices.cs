using System.Net;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace ClosedLoop.Streaming.Grains;

/// <summary>Registers a silo in this process, whose grains do the work of the partitions that this process owns.</summary>
public static class GrainsServices
{
    /// <summary>
    /// To be called before AddProcessor, so that the silo starts before the consumers and stops after them: what is under way ends while the
    /// grains are still there. Needs ILog and <see cref="RedisServices.AddRedisStates"/>.
    /// </summary>
    public static IServiceCollection AddGrains(this IServiceCollection services, GrainsOptions options, RedisStatesOptions redis)
    {
        services.AddSingleton(options).AddSingleton<GrainsTelemetry>().AddSingleton<SoloCores>().AddSingleton<IPartitionOwners, GrainOwners>();
        return services.AddOrleans(silo => Reachable(RedisMembership.Use(silo, redis), options)
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cluster, options.Cluster))
            .Configure<GrainCollectionOptions>(o => (o.CollectionAge, o.CollectionQuantum) = (options.IdleAge, TimeSpan.FromSeconds(30)))
            .Configure<SiloMessagingOptions>(o => o.ResponseTimeout = options.CallTimeout)
            .Configure<ClusterMembershipOptions>(o =>
            {
                (o.ProbeTimeout, o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (options.ProbeInterval, 3, 1);
                o.TableRefreshTimeout = options.ProbeInterval * 5;
                // When all died at once nobody is left to say so: whoever starts next lets them go when they have been silent this long.
                (o.IAmAliveTablePublishTimeout, o.NumMissedTableIAmAliveLimit) = (options.ProbeInterval * 5, 3);
            }));
    }

    private static ISiloBuilder Reachable(ISiloBuilder silo, GrainsOptions options) => IPAddress.TryParse(options.Address, out var address)
        ? silo.ConfigureEndpoints(address, options.Port, gatewayPort: 0)
        : silo.ConfigureEndpoints(Dns.GetHostName(), options.Port, gatewayPort: 0);
}
