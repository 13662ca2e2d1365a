using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>
/// Records of one topic and partition in their order. What is there already was copied by a run that was cut off; the comparison at the end
/// covers it too. Where retention took the oldest, the copy begins at offset 0 and all positions move down by as much.
/// </summary>
internal sealed class LogCopy(ILog from, ILog to)
{
    private const int ReadBytesMax = 1 << 20;

    public IEnumerable<(Topic Topic, int Partition)> Lanes => Enumerable.Range(0, from.Partitions).Select(p => (Topic.Hits, p))
        .Concat(Enumerable.Range(0, from.Partitions).Select(p => (Topic.Facts, p))).Append((Topic.Settings, 0));

    /// <summary>What an offset of the old log is in the new one.</summary>
    public long Moved(Topic topic, int partition, long offset) => Math.Max(0, offset - from.StartOffset(topic, partition));

    public async Task<long> CopyAsync(Topic topic, int partition, CancellationToken cancel)
    {
        var (start, end) = (from.StartOffset(topic, partition), from.EndOffset(topic, partition));
        var next = start + to.EndOffset(topic, partition);
        if (next > end) throw new VerbException($"{topic} {partition} has {next - start:#,0} records there and {end - start:#,0} here: something else was written to it. Start anew with an empty log.");
        while (next < end)
        {
            var slice = await from.ReadAsync(topic, partition, next, ReadBytesMax, cancel);
            if (slice.FirstOffset != next) throw new VerbException($"{topic} {partition} can't be read from offset {next} on; it is damaged there.");
            var under = new List<Task>(slice.Count);
            foreach (var record in slice)
            {
                if (next++ >= end) break;
                under.Add(to.AppendAsync(topic, partition, record.Span));
            }
            await Task.WhenAll(under).WaitAsync(cancel);
        }
        return end - start;
    }

    /// <summary>Count and checksum over all records in order.</summary>
    public Task<string> SumFromAsync(Topic topic, int partition, CancellationToken cancel) =>
        SumAsync(from, topic, partition, from.StartOffset(topic, partition), from.EndOffset(topic, partition), cancel);

    /// <inheritdoc cref="SumFromAsync"/>
    public Task<string> SumToAsync(Topic topic, int partition, CancellationToken cancel) => SumAsync(to, topic, partition, 0, to.EndOffset(topic, partition), cancel);

    private static async Task<string> SumAsync(ILog log, Topic topic, int partition, long next, long end, CancellationToken cancel)
    {
        var (count, sum) = (0L, 0UL);
        while (next < end)
        {
            var slice = await log.ReadAsync(topic, partition, next, ReadBytesMax, cancel);
            next = slice.FirstOffset;
            foreach (var record in slice)
            {
                if (next++ >= end) break;
                sum = XxHash.Hash64(record.Span, sum);
                count++;
            }
        }
        return $"{count}:{sum:x16}";
    }
}
