using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Warehouse.Sink;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>
/// Brings facts into the warehouse, each once. A round is gathered, its boundaries are written down, its batches are sent (one per table
/// and month), then the positions are committed. After a crash the round that was written down is read again and sent again, unchanged.
/// The next round is gathered while this one is sent.
/// </summary>
public sealed class WarehouseSink : BackgroundService
{
    /// <summary>Name of this reader of the log.</summary>
    public const string ReaderName = "warehouse";

    private static readonly TimeSpan LogRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(20);

    private readonly ILog _log;
    private readonly IWarehouse _warehouse;
    private readonly IRoundBook _book;
    private readonly WarehouseOptions _options;
    private readonly TimeProvider _clock;
    private readonly WarehouseTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly RoundGatherer _gatherer;
    private readonly RoundSender _sender;
    private readonly CancellationTokenSource _hard = new();
    private readonly long[] _done;
    private long _epoch;
    private long _number;

    internal WarehouseSink(
        ILog log, IWarehouse warehouse, IRoundBook book, WarehouseOptions options, TimeProvider clock, WarehouseTelemetry telemetry, ILogger logger)
    {
        (_log, _warehouse, _book, _options, _clock, _telemetry, _logger) = (log, warehouse, book, options, clock, telemetry, logger);
        _gatherer = new RoundGatherer(log, options, clock);
        _sender = new RoundSender(log, warehouse, options, clock, telemetry, logger);
        _done = new long[log.Partitions];
        telemetry.Observe(() => LagFacts);
    }

    /// <summary>True once the warehouse has been reached and an unfinished round of the last run is in.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Facts in the log that are not confirmed in the warehouse yet.</summary>
    public long LagFacts
    {
        get
        {
            var lag = 0L;
            for (var partition = 0; partition < _done.Length; partition++)
                lag += Math.Max(0, _log.EndOffset(Topic.Facts, partition) - Volatile.Read(ref _done[partition]));
            return lag;
        }
    }

    public override void Dispose()
    {
        _hard.Dispose();
        base.Dispose();
    }

    /// <summary>Lets go of everything at once, as a killed process does; for tests.</summary>
    internal async Task KillAsync()
    {
        await _hard.CancelAsync().ConfigureAwait(false);
        if (ExecuteTask is { } running) await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the starting thread: the Host starts its services one after the other.
        await Task.Yield();
        // A round that is being sent is finished before the stop, if it can be in time; a part of it would only mean work for the next start.
        using var soft = stoppingToken.Register(() => _hard.CancelAfter(StopTimeMax));
        try
        {
            await StartWarehouseAsync(stoppingToken).ConfigureAwait(false);
            while (true) await RecoverAndPumpAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested || _hard.IsCancellationRequested)
        {
            // A stop like any other; what was under way is finished at the next start.
        }
    }

    /// <summary>Ends when the log or the book can't be reached; nothing was committed then that is not in, and the round in the book is finished first.</summary>
    private async Task RecoverAndPumpAsync(CancellationToken stop)
    {
        try
        {
            await RecoverAsync(stop).ConfigureAwait(false);
            WarehouseMessages.Ready(_logger, LagFacts);
            IsReady = true;
            await PumpAsync(stop, _hard.Token).ConfigureAwait(false);
        }
        catch (LogUnavailableException e)
        {
            IsReady = false;
            WarehouseMessages.LogStopped(_logger, e.Reason);
            await Task.Delay(_options.RetryDelayMax < LogRetryDelay ? _options.RetryDelayMax : LogRetryDelay, _clock, stop).ConfigureAwait(false);
        }
    }

    private async Task StartWarehouseAsync(CancellationToken cancel)
    {
        for (var delay = TimeSpan.FromMilliseconds(500); ; delay = delay * 2 < _options.RetryDelayMax ? delay * 2 : _options.RetryDelayMax)
        {
            try
            {
                await _warehouse.StartAsync(cancel).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is WarehouseException or WarehouseAwayException)
            {
                WarehouseMessages.StartFailed(_logger, e.Message);
                await Task.Delay(delay, _clock, cancel).ConfigureAwait(false);
            }
        }
    }

    private async Task RecoverAsync(CancellationToken cancel)
    {
        (_epoch, var last) = await _book.OpenAsync(cancel).ConfigureAwait(false);
        _number = last?.Number ?? 0;
        for (var partition = 0; partition < _done.Length; partition++)
            _done[partition] = await _log.PositionAsync(ReaderName, Topic.Facts, partition, cancel).ConfigureAwait(false);

        if (last is not null && last.Ranges.Count == _done.Length) await FinishAsync(last, cancel).ConfigureAwait(false);
        _gatherer.StartAt(_done);
    }

    /// <summary>Sends the round that was written down last, unless its positions were committed, which happens only after all of it was in.</summary>
    private async Task FinishAsync(RoundRecord last, CancellationToken cancel)
    {
        var open = last.Ranges.Where((range, partition) => range.To > _done[partition]).Any();
        if (open)
        {
            var round = new Round();
            var whole = await _gatherer.GatherAgainAsync(round, last, cancel).ConfigureAwait(false);
            if (whole && round.Seal(last.Epoch, last.Number).Content == last.Content)
                await _sender.SendAsync(round, last, again: true, cancel).ConfigureAwait(false);
            else
            {
                // The log lost its end (a power loss at pagecache) or retention took it: what stands at these offsets now is new.
                WarehouseMessages.RoundGone(_logger, last.Number, last.Key);
                last = last with { Ranges = [.. last.Ranges.Select(range => range with { To = range.From })] };
            }
        }
        await CommitAsync(last).ConfigureAwait(false);
    }

    private async Task PumpAsync(CancellationToken stop, CancellationToken hard)
    {
        var (round, other) = (new Round(), new Round());
        var sending = Task.CompletedTask;
        try
        {
            while (true)
            {
                await _gatherer.GatherAsync(round, stop).ConfigureAwait(false);
                await sending.ConfigureAwait(false);
                stop.ThrowIfCancellationRequested();
                var record = round.Seal(_epoch, ++_number);
                sending = SendAsync(round, record, hard);
                (round, other) = (other, round);
            }
        }
        finally
        {
            await sending.ConfigureAwait(false);
        }
    }

    private async Task SendAsync(Round round, RoundRecord record, CancellationToken cancel)
    {
        await Task.Yield();
        if (round.Sorter.Unreadable > 0) WarehouseMessages.Unreadable(_logger, round.Sorter.Unreadable);
        _telemetry.Unreadable(round.Sorter.Unreadable);
        await _book.WriteAsync(record).ConfigureAwait(false);
        await _sender.SendAsync(round, record, again: false, cancel).ConfigureAwait(false);
        await CommitAsync(record).ConfigureAwait(false);
    }

    /// <summary>One write for all partitions: the log joins commits that wait at the same time.</summary>
    private async Task CommitAsync(RoundRecord record)
    {
        var commits = new List<Task>(record.Ranges.Count);
        for (var partition = 0; partition < record.Ranges.Count; partition++)
        {
            var to = Math.Max(record.Ranges[partition].To, _done[partition]);
            if (to == _done[partition] && record.Ranges[partition].From == to) continue;
            commits.Add(_log.CommitPositionAsync(ReaderName, Topic.Facts, partition, to));
        }
        await Task.WhenAll(commits).ConfigureAwait(false);
        for (var partition = 0; partition < record.Ranges.Count; partition++)
            Volatile.Write(ref _done[partition], Math.Max(record.Ranges[partition].To, _done[partition]));
    }
}
