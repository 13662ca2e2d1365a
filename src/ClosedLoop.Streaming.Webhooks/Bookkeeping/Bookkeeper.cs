using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// Writes down, once a second and for all lanes together, what happened since: what still waits, what was given up, the newest attempts.
/// Only then do the positions in the log move on. A delivery that succeeds within that second never touches the disk.
/// </summary>
internal sealed partial class Bookkeeper(ILog log, Lanes lanes, LaneContext with) : IDisposable
{
    public const string Reader = "webhooks";

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SemaphoreSlim _signal = new(0, 1);
    private PartitionProgress[] _partitions = [];
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Unsent? _unsent;
    private int _signalled;

    private sealed record Unsent(StoreBatch Batch, List<LaneWrite> Writes, List<Marker> Markers);

    public async Task<PartitionProgress[]> OpenAsync(CancellationToken cancel)
    {
        var partitions = new PartitionProgress[log.Partitions];
        for (var i = 0; i < partitions.Length; i++)
        {
            var position = await log.PositionAsync(Reader, Topic.Facts, i, cancel).ConfigureAwait(false);
            partitions[i] = new PartitionProgress(position);
            // From now on retention knows us and keeps what we have not read.
            if (position == 0) await log.CommitPositionAsync(Reader, Topic.Facts, i, 0).ConfigureAwait(false);
        }
        with.OnWake(Wake);
        return _partitions = partitions;
    }

    /// <summary>There is something to write down within <see cref="WebhooksOptions.WriteEvery"/>.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0) _signal.Release();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await _signal.WaitAsync(stop).ConfigureAwait(false);
            var hurry = Volatile.Read(ref _hurry).Task;
            await Task.WhenAny(hurry, Task.Delay(with.Options.WriteEvery, with.Time, stop)).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            Volatile.Write(ref _signalled, 0);
            // A full disk or a stopping log isn't asked again in a tight loop, however many wait for room.
            if (!await FlushAsync(everything: hurry.IsCompleted).ConfigureAwait(false))
                await Task.Delay(with.Options.WriteEvery, with.Time, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Waits while more is unwritten than may be: the facts stay in the log meanwhile, nothing is dropped.</summary>
    public async ValueTask RoomAsync(CancellationToken cancel)
    {
        while (!with.Load.HasRoom)
        {
            var written = Volatile.Read(ref _written).Task;
            Volatile.Read(ref _hurry).TrySetResult();
            Wake();
            await written.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <param name="everything">Also what is younger than <see cref="WebhooksOptions.WriteEvery"/>.</param>
    /// <returns>False when the file can't be written now; all is kept and tried again.</returns>
    public async Task<bool> FlushAsync(bool everything)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_unsent is not null) await SendAsync(_unsent).ConfigureAwait(false);
            await SendAsync(Collect(everything)).ConfigureAwait(false);
            await CommitAsync().ConfigureAwait(false);
            return true;
        }
        catch (LogUnavailableException e)
        {
            NotWritten(e.Reason);
            Wake();
            return false;
        }
        finally
        {
            _one.Release();
            Interlocked.Exchange(ref _hurry, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            Interlocked.Exchange(ref _written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _signal.Dispose();
    }

    private Unsent Collect(bool everything)
    {
        var batch = new StoreBatch();
        var writes = new List<LaneWrite>();
        var olderThanMs = everything ? long.MaxValue : with.NowMs - (long)with.Options.WriteEvery.TotalMilliseconds;
        var left = lanes.TakeLeft();
        foreach (var lane in lanes.All.Concat(left))
        {
            if (!lane.HasChanges) continue;
            var write = new LaneWrite(lane);
            lane.Collect(batch, write, olderThanMs);
            writes.Add(write);
        }
        batch.Forgotten.AddRange(left.Select(lane => lane.Endpoint));
        var erased = lanes.TakeErased();
        batch.Erased.AddRange(erased.Select(e => e.Person));
        return new Unsent(batch, writes, [.. erased.Select(e => e.Marker).OfType<Marker>()]);
    }

    private async Task SendAsync(Unsent unsent)
    {
        _unsent = unsent;
        if (!unsent.Batch.IsEmpty) await with.Store.WriteAsync(unsent.Batch).ConfigureAwait(false);
        _unsent = null;
        foreach (var marker in unsent.Markers) marker.Settle();
        foreach (var write in unsent.Writes)
        {
            write.Lane.WrittenDown(write);
            if (write.Lane.HasChanges) Wake();
        }
    }

    private async Task CommitAsync()
    {
        for (var i = 0; i < _partitions.Length; i++)
        {
            var prefix = _partitions[i].Prefix();
            if (prefix <= _partitions[i].Committed) continue;
            await log.CommitPositionAsync(Reader, Topic.Facts, i, prefix).ConfigureAwait(false);
            _partitions[i].Committed = prefix;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook bookkeeping waits: {Reason}")]
    private static partial void NotWritten(ILogger logger, string reason);

    private void NotWritten(string reason) => NotWritten(with.Log, reason);
}
