using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClosedLoop.Streaming.Log;

/// <summary>Registration of the log on Kafka.</summary>
public static class KafkaServices
{
    /// <summary>
    /// <see cref="ILog"/> on Kafka, <see cref="ILogIdentity"/>, the watch over the broker, and the group that hands partitions to processors
    /// (<see cref="IPartitionAssignment"/>; only a process that asks for it joins). The log opens when it is first asked for, and then throws what
    /// <see cref="KafkaOpening.Mistakes"/> says before.
    /// </summary>
    public static IServiceCollection AddKafkaLog(this IServiceCollection services, KafkaLogOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<KafkaLog>();
        services.AddSingleton<ILog>(p => p.GetRequiredService<KafkaLog>());
        services.AddSingleton<ILogIdentity>(p => p.GetRequiredService<KafkaLog>());
        services.AddSingleton<IPartitionAssignment, KafkaGroup>();
        services.AddHostedService<KafkaWatch>();
        return services;
    }
}
