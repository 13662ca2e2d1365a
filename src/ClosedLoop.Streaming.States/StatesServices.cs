using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.States;

/// <summary>Registration of the states.</summary>
public static class StatesServices
{
    /// <summary>The journal in the embedded file: <see cref="IJournal"/>, <see cref="IBaseSnapshots"/>, and the gate of the hits' retention.</summary>
    public static IServiceCollection AddEmbeddedStates(this IServiceCollection services, StatesOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(p =>
        {
            var file = p.GetRequiredService<IEmbeddedFile>();
            var journal = new EmbeddedJournal(file, options);
            if (file is EmbeddedFile embedded) embedded.RetentionGate = journal;
            return journal;
        });
        services.AddHostedService<SnapshotSchedule>();
        services.AddSingleton<IJournal>(p => p.GetRequiredService<EmbeddedJournal>());
        services.AddSingleton<IBaseSnapshots>(p => p.GetRequiredService<EmbeddedJournal>());
        services.AddSingleton<IRetentionGate>(p => p.GetRequiredService<EmbeddedJournal>());
        return services;
    }

    /// <summary>
    /// Embedded states beside a log elsewhere: the same journal in a file of its own (<see cref="LogServices.AddEmbeddedFile"/>, with the log's
    /// number of partitions), and <see cref="OutboxRelay"/>, which brings what it publishes into that log. One processor only.
    /// </summary>
    public static IServiceCollection AddEmbeddedStatesBesideLog(this IServiceCollection services, StatesOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(p => new EmbeddedJournal(p.GetRequiredService<IEmbeddedFile>(), options));
        services.AddSingleton<IJournal>(p => p.GetRequiredService<EmbeddedJournal>());
        services.AddSingleton<IBaseSnapshots>(p => p.GetRequiredService<EmbeddedJournal>());
        // The states are on this machine, so no group hands its partitions to another one.
        services.AddSingleton<IPartitionAssignment, AllPartitions>();
        services.AddSingleton<OutboxRelay>().AddSingleton<IRelay>(p => p.GetRequiredService<OutboxRelay>()).AddHostedService(p => p.GetRequiredService<OutboxRelay>());
        return services;
    }
}
