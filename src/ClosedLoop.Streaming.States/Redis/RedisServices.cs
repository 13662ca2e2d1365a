using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.States;

/// <summary>Registration of the states in Redis.</summary>
public static class RedisServices
{
    /// <summary>
    /// <see cref="IJournal"/> in Redis, and <see cref="ISavedStates"/> for processes without a processor. Needs <see cref="ILog"/> and
    /// <see cref="ILogIdentity"/>. The connection opens when it is first asked for, and then throws what <see cref="RedisCheck"/> says before.
    /// </summary>
    public static IServiceCollection AddRedisStates(this IServiceCollection services, RedisStatesOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(_ => RedisLink.OpenAsync(options).GetAwaiter().GetResult());
        services.AddSingleton(p => new RedisJournal(p.GetRequiredService<RedisLink>(), p.GetRequiredService<ILog>(), p.GetRequiredService<ILogIdentity>()));
        services.AddSingleton<IJournal>(p => p.GetRequiredService<RedisJournal>());
        services.AddSingleton<IUnloadedJournal>(p => p.GetRequiredService<RedisJournal>());
        services.AddSingleton<ISavedStates, RedisSavedStates>().AddSingleton<ISleepers, RedisSleepers>();
        return services;
    }
}
