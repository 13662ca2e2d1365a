using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;

namespace ClosedLoop.Streaming.Log;

/// <summary>One reader's place in one partition: what was read ahead, in order, and whoever waits for more.</summary>
internal sealed class FeedLane(TopicPartition at, long from)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Offset, byte[] Value)> _ahead = new();
    private TaskCompletionSource<LogSlice>? _waiting;
    private int _waitingBytesMax;
    private Exception? _failure;
    private long _lastUse = Stopwatch.GetTimestamp();

    public TopicPartition At => at;

    /// <summary>Next offset that a reader is handed.</summary>
    public long Cursor { get; private set; } = from;

    /// <summary>Next offset that is taken from the broker; the feed's thread only.</summary>
    public long Expected { get; set; } = from;

    public long AheadBytes { get; private set; }

    /// <summary>The feed's thread only.</summary>
    public bool IsPaused { get; set; }

    public TimeSpan Idle
    {
        get { lock (_gate) return _waiting is null ? Stopwatch.GetElapsedTime(_lastUse) : TimeSpan.Zero; }
    }

    /// <summary>Nobody finds his place here any more.</summary>
    public bool HasFailed
    {
        get { lock (_gate) return _failure is not null; }
    }

    /// <summary>True when this lane stands at that offset and nobody else waits at it; then it is the caller's until it is asked again.</summary>
    public bool TryTake(long offset, int bytesMax, CancellationToken cancel, out ValueTask<LogSlice> slice)
    {
        lock (_gate)
        {
            slice = default;
            if (_failure is not null || _waiting is not null || Cursor != offset) return false;
            _lastUse = Stopwatch.GetTimestamp();
            if (_ahead.Count > 0)
            {
                slice = ValueTask.FromResult(Cut(bytesMax));
                return true;
            }
            _waitingBytesMax = bytesMax;
            _waiting = new TaskCompletionSource<LogSlice>(TaskCreationOptions.RunContinuationsAsynchronously);
            slice = new ValueTask<LogSlice>(WaitAsync(_waiting, cancel));
            return true;
        }
    }

    /// <summary>What came from the broker; <see cref="Deliver"/> hands it out.</summary>
    public void Add(long offset, byte[] value)
    {
        lock (_gate)
        {
            _ahead.Enqueue((offset, value));
            AheadBytes += value.Length + Frames.PrefixBytes;
        }
    }

    public void Deliver()
    {
        lock (_gate)
        {
            if (_waiting is null || _ahead.Count == 0) return;
            var waiting = _waiting;
            _waiting = null;
            waiting.TrySetResult(Cut(_waitingBytesMax));
        }
    }

    /// <summary>The reader begins anew elsewhere.</summary>
    public void Fail(Exception reason)
    {
        lock (_gate)
        {
            _failure = reason;
            _waiting?.TrySetException(reason);
            _waiting = null;
        }
    }

    private async Task<LogSlice> WaitAsync(TaskCompletionSource<LogSlice> waiting, CancellationToken cancel)
    {
        using var left = cancel.UnsafeRegister((_, token) => Leave(waiting, token), null);
        return await waiting.Task.ConfigureAwait(false);
    }

    private void Leave(TaskCompletionSource<LogSlice> waiting, CancellationToken cancel)
    {
        lock (_gate)
            if (_waiting == waiting) _waiting = null;
        waiting.TrySetCanceled(cancel);
    }

    // Consecutive records only: where retention left a gap, the next slice begins behind it.
    private LogSlice Cut(int bytesMax)
    {
        var first = _ahead.Peek().Offset;
        var (count, bytes) = (0, 0);
        foreach (var (offset, value) in _ahead)
        {
            var size = Frames.PrefixBytes + value.Length;
            if (offset != first + count || (count > 0 && bytes + size > bytesMax)) break;
            (count, bytes) = (count + 1, bytes + size);
        }
        var framed = GC.AllocateUninitializedArray<byte>(bytes);
        for (var (i, to) = (0, 0); i < count; i++)
        {
            var (_, value) = _ahead.Dequeue();
            BinaryPrimitives.WriteInt32LittleEndian(framed.AsSpan(to), value.Length);
            value.CopyTo(framed, to + Frames.PrefixBytes);
            to += Frames.PrefixBytes + value.Length;
        }
        AheadBytes -= bytes;
        Cursor = first + count;
        return new LogSlice(first, count, framed);
    }
}
