using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// The one owner of a partition: read, handle, commit, again. Decisions are <see cref="PartitionCore"/>'s; here are only the log, the journal
/// and the clock. A step is committed before the next one is read, and a larger backlog makes larger steps.
/// </summary>
public class PartitionOwner : IDisposable
{
    /// <summary>Half of what one chunk of states may hold, in bytes; one more record adds at most a few states.</summary>
    protected const long StepStateBytesMax = StateChunk.BytesMax / 2;
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(1);
    // Time for the group to say that the partition is somebody else's: opening it at once would only take it back from him.
    private static readonly TimeSpan FencedPause = TimeSpan.FromSeconds(5);

    private readonly ILog _log;
    private readonly IJournal _journal;
    private readonly ProcessorOptions _options;
    private readonly ProcessorTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Lookahead _ahead;
    private readonly StateChunkWriter _chunk = new();
    private long _epoch, _next, _lastTickMs;

    public PartitionOwner(int partition, ILog log, IJournal journal, ProcessorOptions options, ProcessorTelemetry telemetry, TimeProvider time, ILogger logger)
    {
        (Partition, _log, _journal, _options, _telemetry, _time, _logger) = (partition, log, journal, options, telemetry, time, logger);
        (Core, _ahead) = (NewCore(), new Lookahead(Shelf));
    }

    public int Partition { get; }
    public Shelf Shelf { get; private set; } = new();
    public PartitionCore Core { get; private set; }
    /// <summary>Next record to be worked on.</summary>
    public long Next => Volatile.Read(ref _next);
    public long Lag => Math.Max(0, _log.EndOffset(Topic.Hits, Partition) - Next);
    public bool IsOpen { get; private set; }
    /// <summary>Of this opening; raised by the next owner, who fences this one.</summary>
    protected long Epoch => _epoch;
    /// <summary>Held during each step, from handling to the end of its commit; who holds it meets counters and log in agreement.</summary>
    public SemaphoreSlim Step { get; } = new(1, 1);

    public async Task OpenAsync(CancellationToken cancel)
    {
        var opening = await LoadAsync(cancel);
        lock (Shelf.Gate) Core.Open(opening.Counters.Span);
        _epoch = opening.Epoch;
        Volatile.Write(ref _next, opening.Absorbed);
        IsOpen = true;
    }

    /// <summary>Takes the partition over and loads its states.</summary>
    protected virtual Task<JournalOpening> LoadAsync(CancellationToken cancel) => _journal.OpenAsync(Partition, Shelf, cancel);

    /// <summary>
    /// Runs until cancelled. When the log or the states refuse a commit (a full disk, a broker that is away), memory is ahead of what is durable:
    /// it is given up, and the partition is opened again. The same when another owner took it and the group has not said so yet.
    /// </summary>
    /// <param name="opened">Called each time when all states are loaded.</param>
    public async Task RunAsync(CancellationToken cancel, Action? opened = null)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (!IsOpen) await ReopenAsync(cancel);
                opened?.Invoke();
                await WorkAsync(cancel);
            }
            catch (LogUnavailableException e)
            {
                ProcessorLog.CommitRefused(_logger, Partition, e.Reason);
                IsOpen = false;
                await Task.Delay(RefusedPause, _time, cancel);
            }
            catch (FencedException)
            {
                ProcessorLog.Fenced(_logger, Partition);
                IsOpen = false;
                await Task.Delay(FencedPause, _time, cancel);
            }
        }
    }

    /// <summary>The partition is somebody else's: its states go. Nothing may be running.</summary>
    public async Task DropAsync()
    {
        await Step.WaitAsync();
        try
        {
            IsOpen = false;
            Forget();
            Volatile.Write(ref _next, 0);
        }
        finally { Step.Release(); }
    }

    /// <summary>
    /// Works on the log up to an offset that was worked on before, and no further; for a replay, whose journal leaves the messages out because
    /// the log has them already.
    /// </summary>
    public async Task ReplayAsync(long until, Action<long> progress, CancellationToken cancel)
    {
        while (Next < until)
        {
            var slice = await _log.ReadAsync(Topic.Hits, Partition, Next, _options.StepBytesMax, cancel);
            var count = (int)Math.Min(slice.Count, until - slice.FirstOffset);
            await StepAsync(slice with { Count = count }, cancel);
            progress(Next);
        }
        while (Core.MustSweep) await SweepAsync(cancel);
    }

    private async Task ReopenAsync(CancellationToken cancel)
    {
        Forget();
        await OpenAsync(cancel);
    }

    private void Forget()
    {
        var old = Shelf;
        Shelf = new Shelf();
        (Core, _ahead) = (NewCore(), new Lookahead(Shelf));
        old.Dispose();
    }

    private PartitionCore NewCore() => new(Shelf, _log.Partitions);

    private async Task WorkAsync(CancellationToken cancel)
    {
        var reading = Read(cancel);
        while (!cancel.IsCancellationRequested)
        {
            if (Core.MustSweep && await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(10), _time, cancel)) != reading)
            {
                await SweepAsync(cancel);
                continue;
            }
            var slice = await reading;
            await StepAsync(slice, cancel);
            reading = Read(cancel);
        }
    }

    private Task<LogSlice> Read(CancellationToken cancel) =>
        _log.ReadAsync(Topic.Hits, Partition, Next, _options.StepBytesMax, cancel).AsTask();

    private async Task StepAsync(LogSlice slice, CancellationToken cancel)
    {
        using var span = _telemetry.Stepping(Partition, slice.Count);
        var began = _time.GetTimestamp();
        var changesBefore = Core.Bench.Counters.SegmentChanges;
        await TakeAsync(slice, cancel);
        _telemetry.Stepped(slice.Count, Core.Bench.Counters.SegmentChanges - changesBefore, _time.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Works on every record of the slice and commits, in one piece or several; <see cref="Next"/> is its end afterwards.</summary>
    protected virtual async Task TakeAsync(LogSlice slice, CancellationToken cancel)
    {
        var offset = slice.FirstOffset;
        var rest = slice.Bytes;
        while (offset < slice.Next)
        {
            cancel.ThrowIfCancellationRequested();
            await Step.WaitAsync(cancel);
            try
            {
                Task committed;
                lock (Shelf.Gate)
                {
                    offset = HandleSome(ref rest, offset, slice.Next);
                    committed = Commit(offset);
                }
                await committed;
                Absorbed(offset);
            }
            finally { Step.Release(); }
        }
    }

    protected void Absorbed(long next) => Volatile.Write(ref _next, next);

    private long HandleSome(ref ReadOnlyMemory<byte> rest, long offset, long end)
    {
        var records = new LogSlice(offset, 0, rest).GetEnumerator();
        _ahead.Begin(rest);
        while (offset < end && records.MoveNext())
        {
            Core.Handle(records.Current, _ahead.Next());
            rest = rest[(4 + records.Current.Length)..];
            offset++;
            if (Core.Bench.Outbox.Bytes > _options.StepFactBytesMax || Shelf.Changes > _options.StepStatesMax
                || Shelf.ChangedBytes > StepStateBytesMax) break;
        }
        return offset;
    }

    /// <summary>Re-judges the next people by new rules and commits.</summary>
    protected virtual async Task SweepAsync(CancellationToken cancel)
    {
        await Step.WaitAsync(cancel);
        try
        {
            Task committed;
            lock (Shelf.Gate)
            {
                Core.Sweep(Math.Max(1, _options.SweepPeoplePerSecond / 100));
                committed = Commit(Next);
            }
            await committed;
        }
        finally { Step.Release(); }
    }

    /// <summary>Everything since the last commit, in one piece. Under the gate, because it seals the shelf.</summary>
    /// <param name="others">Adds states that are not on the shelf.</param>
    protected Task Commit(long absorbed, Action<StateChunkWriter>? others = null)
    {
        _chunk.Clear();
        Shelf.WriteChanges(_chunk);
        others?.Invoke(_chunk);
        var states = (ReadOnlyMemory<byte>)_chunk.Finish().ToArray();
        var outbox = Core.Bench.Outbox;
        var entry = new JournalEntry(Partition, _epoch, absorbed, states, outbox.Facts(), outbox.FactCount, outbox.Messages(), Core.Bench.Counters.Write());
        outbox.Clear();
        return _journal.CommitAsync(entry);
    }

    /// <summary>
    /// Writes a clock record when a minute has passed or somebody's silence is over: rules see time only through the log.
    /// Called about once a second.
    /// </summary>
    public async Task TickAsync()
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (nowMs - _lastTickMs < _options.TickSeconds * 1000L && NextDueSeconds > nowMs / 1000) return;
        _lastTickMs = nowMs;
        var id = Id.OfBytes(System.Text.Encoding.UTF8.GetBytes($"tick {Partition} {nowMs}"));
        var tick = new RecordWriter(64).Begin(RecordKind.Tick, nowMs, id, default, default);
        try { await _log.AppendAsync(Topic.Hits, Partition, tick.Written); }
        catch (LogUnavailableException e) { ProcessorLog.TickFailed(_logger, Partition, e.Reason); }
    }

    /// <summary>Nobody's silence is over before this unix second.</summary>
    protected virtual long NextDueSeconds
    {
        get
        {
            var shelf = Shelf;
            lock (shelf.Gate) return shelf.NextDueSeconds;
        }
    }

    public void Dispose()
    {
        Shelf.Dispose();
        Step.Dispose();
        GC.SuppressFinalize(this);
    }
}

internal static partial class ProcessorLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} cannot commit: {Reason}. Nothing is lost; it opens again and goes on from its last commit.")]
    public static partial void CommitRefused(ILogger logger, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} has a newer owner. Its states are dropped; it is opened again only if it is still this process's own.")]
    public static partial void Fenced(ILogger logger, int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No clock record could be written to partition {Partition}: {Reason}. Rules about silence wait.")]
    public static partial void TickFailed(ILogger logger, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Partition {Partition} stopped: {Message}")]
    public static partial void Stopped(ILogger logger, int partition, string message, Exception exception);
}
