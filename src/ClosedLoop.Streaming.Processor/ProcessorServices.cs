using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Registers the engine room; log, journal, clock and, in a group, the assignment of partitions come from elsewhere.</summary>
public static class ProcessorServices
{
    public static IServiceCollection AddProcessor(this IServiceCollection services, ProcessorOptions options)
    {
        services.TryAddSingleton<IPartitionAssignment, AllPartitions>();
        return services
            .AddSingleton(options).AddSingleton<ProcessorTelemetry>().AddSingleton<ProcessorService>().AddSingleton<LivePeople>().AddSingleton<RulesPublisher>().AddSingleton<Accounting>()
            .AddHostedService(provider => provider.GetRequiredService<ProcessorService>());
    }
}
