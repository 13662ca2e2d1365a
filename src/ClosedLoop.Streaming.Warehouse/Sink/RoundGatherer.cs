using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>
/// Reads the facts of all partitions side by side and gathers a round: full by size or age, or sent on when nothing more comes for a moment.
/// </summary>
internal sealed class RoundGatherer(ILog log, WarehouseOptions options, TimeProvider clock)
{
    private readonly Task<LogSlice>?[] _reads = new Task<LogSlice>?[log.Partitions];
    private long[] _next = new long[log.Partitions];

    /// <summary>Where each partition is read next.</summary>
    public IReadOnlyList<long> Next => _next;

    public void StartAt(IReadOnlyList<long> next)
    {
        _next = [.. next];
        Array.Clear(_reads);
    }

    /// <summary>Waits for the first fact, then for more until the round is full, old, or nothing comes.</summary>
    public async Task GatherAsync(Round round, CancellationToken cancel)
    {
        round.Begin(_next);
        await Task.WhenAny(Reads(cancel)).ConfigureAwait(false);
        var started = clock.GetTimestamp();
        while (round.Facts < options.BatchRowsMax && round.Bytes < options.BatchBytesMax)
        {
            if (await TakeArrivedAsync(round, cancel).ConfigureAwait(false)) continue;
            var left = options.BatchAgeMax - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) break;
            var pause = left < options.BatchIdleMax ? left : options.BatchIdleMax;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var waited = Task.Delay(pause, clock, over.Token);
            var first = await Task.WhenAny([waited, .. Reads(cancel)]).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            if (first == waited) break;
        }
    }

    /// <summary>Reads exactly the ranges of a round again; false when the log does not hold them any more.</summary>
    public async Task<bool> GatherAgainAsync(Round round, RoundRecord record, CancellationToken cancel)
    {
        round.Begin([.. record.Ranges.Select(range => range.From)]);
        for (var partition = 0; partition < record.Ranges.Count; partition++)
        {
            var (next, to) = (record.Ranges[partition].From, record.Ranges[partition].To);
            if (to > log.EndOffset(Topic.Facts, partition)) return false;
            while (next < to)
            {
                var slice = await log.ReadAsync(Topic.Facts, partition, next, options.ReadBytesMax, cancel).ConfigureAwait(false);
                if (slice.FirstOffset >= to) return false;
                next = round.Add(partition, slice, (int)Math.Min(to - slice.FirstOffset, int.MaxValue));
            }
        }
        return true;
    }

    private async Task<bool> TakeArrivedAsync(Round round, CancellationToken cancel)
    {
        var took = false;
        for (var partition = 0; partition < _reads.Length; partition++)
        {
            if (_reads[partition] is not { IsCompleted: true } read) continue;
            var space = options.BatchRowsMax - round.Facts;
            if (space <= 0) return true;
            _reads[partition] = null;
            _next[partition] = round.Add(partition, await read.ConfigureAwait(false), space);
            took = true;
        }
        cancel.ThrowIfCancellationRequested();
        return took;
    }

    private IEnumerable<Task> Reads(CancellationToken cancel)
    {
        for (var partition = 0; partition < _reads.Length; partition++)
            yield return _reads[partition] ??= log.ReadAsync(Topic.Facts, partition, _next[partition], options.ReadBytesMax, cancel).AsTask();
    }
}
