using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Runs one owner per partition in this process, and the clock of each.</summary>
public sealed class ProcessorService : BackgroundService
{
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<ProcessorService> _logger;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProcessorService(ILog log, IJournal journal, ProcessorOptions options, ProcessorTelemetry telemetry, TimeProvider time,
        IHostApplicationLifetime lifetime, ILogger<ProcessorService> logger)
    {
        (_time, _lifetime, _logger) = (time, lifetime, logger);
        Owners = [.. Enumerable.Range(0, log.Partitions).Select(p => new PartitionOwner(p, log, journal, options, telemetry, time, logger))];
        telemetry.Watch(Owners);
    }

    public IReadOnlyList<PartitionOwner> Owners { get; }

    /// <summary>All states are loaded.</summary>
    public Task Opened => _opened.Task;

    public bool IsReady => _opened.Task.IsCompletedSuccessfully;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await Task.WhenAll(Owners.Select(o => Task.Run(() => o.OpenAsync(stoppingToken), stoppingToken)));
            _opened.TrySetResult();
            await Task.WhenAll(Owners.Select(o => Task.Run(() => RunAsync(o, stoppingToken), stoppingToken)).Append(TickAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _opened.TrySetCanceled(stoppingToken);
        }
        catch (Exception e)
        {
            // A bug or a lost disk stops the process: whoever goes on with half a memory answers wrongly.
            ProcessorLog.Stopped(_logger, -1, e.Message, e);
            _opened.TrySetException(e);
            Environment.ExitCode = 1;
            _lifetime.StopApplication();
        }
    }

    private async Task RunAsync(PartitionOwner owner, CancellationToken cancel)
    {
        try { await owner.RunAsync(cancel); }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
        catch (Exception e)
        {
            ProcessorLog.Stopped(_logger, owner.Partition, e.Message, e);
            Environment.ExitCode = 1;
            _lifetime.StopApplication();
        }
    }

    private async Task TickAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                foreach (var owner in Owners) await owner.TickAsync();
        }
        catch (OperationCanceledException) { }
    }

    public override void Dispose()
    {
        foreach (var owner in Owners) owner.Dispose();
        base.Dispose();
    }
}
