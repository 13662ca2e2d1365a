using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
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
        services.AddSingleton(options).AddSingleton<ProcessorTelemetry>().AddSingleton<ProcessorService>().AddSingleton<LivePeople>().AddSingleton<RulesPublisher>().AddSingleton<Accounting>();
        services.TryAddSingleton<IStateReader, ShelfReader>();
        services.TryAddSingleton<IAccounting>(provider => provider.GetRequiredService<Accounting>());
        return services.AddHostedService(provider => provider.GetRequiredService<ProcessorService>());
    }

    /// <summary>Reads come from where all processors save (needs <see cref="ISavedStates"/>); to be called before the other two.</summary>
    public static IServiceCollection AddSavedStateReader(this IServiceCollection services) =>
        services.AddSingleton<IStateReader, SavedStateReader>().AddSingleton<IAccounting, SavedAccounting>();

    /// <summary>For a process that reads states but works on none; a reader that was registered before stands.</summary>
    public static IServiceCollection AddProcessorElsewhere(this IServiceCollection services)
    {
        services.TryAddSingleton<IStateReader, NoStates>();
        return services.AddSingleton<LivePeople>().AddSingleton<RulesPublisher>();
    }
}
