using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Streaming.Log;

/// <summary>Registration of the log.</summary>
public static class LogServices
{
    /// <summary>The embedded log: <see cref="ILog"/>, <see cref="IEmbeddedFile"/>, and the watch that stops the process when the file fails.</summary>
    public static IServiceCollection AddEmbeddedLog(this IServiceCollection services, EmbeddedLogOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<EmbeddedFile>();
        services.AddSingleton<IEmbeddedFile>(p => p.GetRequiredService<EmbeddedFile>());
        services.AddSingleton<EmbeddedLog>();
        services.AddSingleton<ILog>(p => p.GetRequiredService<EmbeddedLog>());
        services.AddSingleton<ILogIdentity>(p => p.GetRequiredService<EmbeddedLog>());
        services.AddSingleton<IPartitionAssignment, AllPartitions>();
        services.AddHostedService<FailureWatch>();
        return services;
    }

    /// <summary>
    /// The embedded file alone, for the bookkeeping of other rooms beside a log on Kafka: <see cref="IEmbeddedFile"/> and its watch. It is one
    /// process's own: what stands in it stays on its machine.
    /// </summary>
    public static IServiceCollection AddEmbeddedFile(this IServiceCollection services, EmbeddedLogOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<EmbeddedFile>();
        services.AddSingleton<IEmbeddedFile>(p => p.GetRequiredService<EmbeddedFile>());
        services.AddHostedService<FailureWatch>();
        return services;
    }
}

/// <summary>After a failed sync the process says no and stops: it can't know what the disk holds.</summary>
internal sealed class FailureWatch(EmbeddedFile file, IHostApplicationLifetime lifetime) : BackgroundService
{
    private const int FailedExitCode = 74; // EX_IOERR

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await file.Failed.WaitAsync(stoppingToken).ConfigureAwait(false);
            Environment.ExitCode = FailedExitCode;
            lifetime.StopApplication();
        }
        catch (OperationCanceledException)
        {
            // A stop like any other.
        }
    }
}
