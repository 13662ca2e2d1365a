using ClosedLoop.Streaming.States;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.Grains;

/// <summary>The list of silos lies in the Redis of the states, under the cluster's name.</summary>
internal static class RedisMembership
{
    public static ISiloBuilder Use(ISiloBuilder silo, RedisStatesOptions redis) => silo.UseRedisClustering(options =>
    {
        var servers = new ConfigurationOptions { Password = string.IsNullOrEmpty(redis.Password) ? null : redis.Password, Ssl = redis.Tls, AbortOnConnectFail = false };
        if (!string.IsNullOrEmpty(redis.TlsHost)) servers.SslHost = redis.TlsHost;
        foreach (var server in redis.Servers.Split(',')) servers.EndPoints.Add(server.Trim());
        options.ConfigurationOptions = servers;
    });
}
