using System.Buffers.Binary;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Testing;

/// <summary>
/// The log in memory, for tests and the simulator: same contract, no thread, no clock, no file. With <see cref="Held"/> appends wait until
/// <see cref="Release"/>, and <see cref="Lose"/> forgets what waits, as a crash does.
/// </summary>
public sealed class MemoryLog(int partitions = 4) : ILog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Topic, int), Stream> _streams = [];
    private readonly Dictionary<(string, Topic, int), long> _positions = [];
    private readonly List<Pending> _pending = [];

    private sealed record Pending(Topic Topic, int Partition, byte[] Record, TaskCompletionSource Done);

    private sealed class Stream
    {
        public List<byte[]> Records { get; } = [];
        public long Start { get; set; }
        public long End => Start + Records.Count;
        public TaskCompletionSource Grown { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public int Partitions { get; } = partitions;

    /// <summary>While true, appends stay unconfirmed and invisible.</summary>
    public bool Held { get; set; }

    /// <summary>When set, every append fails with it.</summary>
    public LogUnavailableException? Refusal { get; set; }

    public Task AppendAsync(Topic topic, int partition, ReadOnlySpan<byte> record)
    {
        lock (_lock)
        {
            Of(topic, partition);
            if (Refusal is not null) return Task.FromException(Refusal);
            var pending = new Pending(topic, partition, record.ToArray(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _pending.Add(pending);
            if (!Held) Release();
            return pending.Done.Task;
        }
    }

    /// <summary>Something waits to be confirmed or lost.</summary>
    public bool HasWaiting
    {
        get { lock (_lock) return _pending.Count > 0; }
    }

    /// <summary>Confirms what waits, in order, at most so many.</summary>
    public void Release(int max = int.MaxValue)
    {
        lock (_lock)
        {
            var released = _pending.Take(max).ToList();
            foreach (var pending in released)
            {
                var stream = Of(pending.Topic, pending.Partition);
                stream.Records.Add(pending.Record);
                pending.Done.SetResult();
                var grown = stream.Grown;
                stream.Grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                grown.SetResult();
            }
            _pending.RemoveRange(0, released.Count);
        }
    }

    /// <summary>Fails what waits; nothing of it was stored.</summary>
    public void Lose(string reason = "lost")
    {
        lock (_lock)
        {
            foreach (var pending in _pending) pending.Done.SetException(new LogUnavailableException(reason, "The test lost this append."));
            _pending.Clear();
        }
    }

    public async ValueTask<LogSlice> ReadAsync(Topic topic, int partition, long from, int bytesMax, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesMax);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            Task grown;
            lock (_lock)
            {
                var stream = Of(topic, partition);
                if (from > stream.End) throw new ArgumentOutOfRangeException(nameof(from), from, $"{topic}/{partition} ends at {stream.End}.");
                if (Slice(stream, Math.Max(from, stream.Start), bytesMax) is { } slice) return slice;
                grown = stream.Grown.Task;
            }
            await grown.WaitAsync(cancel);
        }
    }

    public long StartOffset(Topic topic, int partition)
    {
        lock (_lock) return Of(topic, partition).Start;
    }

    public long EndOffset(Topic topic, int partition)
    {
        lock (_lock) return Of(topic, partition).End;
    }

    public ValueTask<long> PositionAsync(string reader, Topic topic, int partition, CancellationToken cancel)
    {
        lock (_lock) return ValueTask.FromResult(_positions.GetValueOrDefault((reader, topic, partition)));
    }

    public Task CommitPositionAsync(string reader, Topic topic, int partition, long next)
    {
        lock (_lock) _positions[(reader, topic, partition)] = next;
        return Task.CompletedTask;
    }

    /// <summary>Forgets records before an offset, as retention does.</summary>
    public void Trim(Topic topic, int partition, long before)
    {
        lock (_lock)
        {
            var stream = Of(topic, partition);
            var gone = (int)(Math.Clamp(before, stream.Start, stream.End) - stream.Start);
            stream.Records.RemoveRange(0, gone);
            stream.Start += gone;
        }
    }

    private static LogSlice? Slice(Stream stream, long from, int bytesMax)
    {
        var bytes = new MemoryStream();
        var count = 0;
        Span<byte> prefix = stackalloc byte[4];
        for (var i = (int)(from - stream.Start); i < stream.Records.Count; i++)
        {
            var record = stream.Records[i];
            if (count > 0 && bytes.Length + 4 + record.Length > bytesMax) break;
            BinaryPrimitives.WriteInt32LittleEndian(prefix, record.Length);
            bytes.Write(prefix);
            bytes.Write(record);
            count++;
        }
        return count == 0 ? null : new LogSlice(from, count, bytes.ToArray());
    }

    private Stream Of(Topic topic, int partition)
    {
        var of = topic == Topic.Settings ? 1 : Partitions;
        if ((uint)partition >= (uint)of) throw new ArgumentOutOfRangeException(nameof(partition), partition, $"{topic} has no such partition.");
        if (!_streams.TryGetValue((topic, partition), out var stream)) _streams[(topic, partition)] = stream = new Stream();
        return stream;
    }
}
