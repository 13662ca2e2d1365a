using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Runs the owners of the partitions that are this process's own, and the clock of each. Which ones those are says
/// <see cref="IPartitionAssignment"/>: embedded all of them, in a group those that it hands out.
/// </summary>
public sealed class ProcessorService : BackgroundService, IPartitionWorker
{
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<ProcessorService> _logger;
    private readonly IPartitionAssignment _assignment;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, (CancellationTokenSource Stop, Task Running)> _running = [];
    private bool _wasAssigned;

    public ProcessorService(ILog log, IJournal journal, IPartitionAssignment assignment, ProcessorOptions options, ProcessorTelemetry telemetry,
        TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ProcessorService> logger, IPartitionOwners? owners = null)
    {
        (_assignment, _time, _lifetime, _logger) = (assignment, time, lifetime, logger);
        Owners = [.. Enumerable.Range(0, log.Partitions).Select(p => owners?.Of(p, logger) ?? new PartitionOwner(p, log, journal, options, telemetry, time, logger))];
        telemetry.Watch(Owners);
    }

    /// <summary>One for every partition, whether it is this process's own or not; only those that are open have states.</summary>
    public IReadOnlyList<PartitionOwner> Owners { get; }

    /// <summary>All states of the first assignment are loaded.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Partitions were handed out, and all of this process's own are loaded.</summary>
    public bool IsReady
    {
        get { lock (_gate) return _wasAssigned && _running.Keys.All(p => Owners[p].IsOpen); }
    }

    public Task AssignedAsync(IReadOnlyList<int> partitions)
    {
        lock (_gate)
        {
            _wasAssigned = true;
            foreach (var partition in partitions)
            {
                if (_running.ContainsKey(partition)) continue;
                var stop = new CancellationTokenSource();
                _running[partition] = (stop, Task.Run(() => RunAsync(Owners[partition], stop.Token)));
            }
        }
        return Task.CompletedTask;
    }

    public async Task RevokedAsync(IReadOnlyList<int> partitions, bool lost)
    {
        var ending = new List<(int Partition, CancellationTokenSource Stop, Task Running)>();
        lock (_gate)
            foreach (var partition in partitions)
                if (_running.Remove(partition, out var run)) ending.Add((partition, run.Stop, run.Running));
        foreach (var run in ending) await run.Stop.CancelAsync();
        // A step under way is finished: its commit is either durable or refused before somebody else begins.
        await Task.WhenAll(ending.Select(e => e.Running));
        foreach (var run in ending)
        {
            await Owners[run.Partition].DropAsync();
            run.Stop.Dispose();
        }
    }

    public long? Position(int partition) => Owners[partition] is { IsOpen: true } owner ? owner.Next : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await Task.WhenAll(_assignment.RunAsync(this, stoppingToken), TickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        catch (Exception e)
        {
            Stop(-1, e);
        }
        finally { _opened.TrySetCanceled(stoppingToken.IsCancellationRequested ? stoppingToken : new CancellationToken(true)); }
    }

    private async Task RunAsync(PartitionOwner owner, CancellationToken cancel)
    {
        try { await owner.RunAsync(cancel, LookWhetherAllAreOpen); }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
        catch (Exception e)
        {
            _opened.TrySetException(e);
            Stop(owner.Partition, e);
        }
    }

    // A bug or a lost disk stops the process: whoever goes on with half a memory answers wrongly.
    private void Stop(int partition, Exception e)
    {
        ProcessorLog.Stopped(_logger, partition, e.Message, e);
        Environment.ExitCode = 1;
        _lifetime.StopApplication();
    }

    private void LookWhetherAllAreOpen()
    {
        if (!_opened.Task.IsCompleted && IsReady) _opened.TrySetResult();
    }

    private async Task TickAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                await Task.WhenAll(Owners.Where(o => o.IsOpen).Select(o => o.TickAsync()));
        }
        catch (OperationCanceledException) { }
    }

    public override void Dispose()
    {
        foreach (var owner in Owners) owner.Dispose();
        base.Dispose();
    }
}
