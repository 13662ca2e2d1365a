using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>The facts of a few partitions in memory; positions survive whoever reads them.</summary>
public sealed class MemoryLog(int partitions) : ILog
{
    private readonly List<byte[]>[] _facts = [.. Enumerable.Range(0, partitions).Select(_ => new List<byte[]>())];
    private readonly Dictionary<(string, int), long> _positions = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Partitions { get; } = partitions;

    public Task AppendAsync(Topic topic, int partition, ReadOnlySpan<byte> record)
    {
        var copy = record.ToArray();
        lock (_facts) _facts[partition].Add(copy);
        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return Task.CompletedTask;
    }

    public async ValueTask<LogSlice> ReadAsync(Topic topic, int partition, long from, int bytesMax, CancellationToken cancel)
    {
        while (true)
        {
            var more = Volatile.Read(ref _more).Task;
            byte[][] records;
            lock (_facts) records = [.. _facts[partition].Skip((int)from).Take(100)];
            if (records.Length > 0)
            {
                var bytes = new MemoryStream();
                foreach (var record in records)
                {
                    bytes.Write(BitConverter.GetBytes(record.Length));
                    bytes.Write(record);
                }
                return new LogSlice(from, records.Length, bytes.ToArray());
            }
            await more.WaitAsync(cancel);
        }
    }

    public long StartOffset(Topic topic, int partition) => 0;

    public long EndOffset(Topic topic, int partition) { lock (_facts) return _facts[partition].Count; }

    public long Position(string reader, int partition) { lock (_facts) return _positions.GetValueOrDefault((reader, partition)); }

    public ValueTask<long> PositionAsync(string reader, Topic topic, int partition, CancellationToken cancel) => new(Position(reader, partition));

    public Task CommitPositionAsync(string reader, Topic topic, int partition, long next)
    {
        lock (_facts) _positions[(reader, partition)] = next;
        return Task.CompletedTask;
    }
}
