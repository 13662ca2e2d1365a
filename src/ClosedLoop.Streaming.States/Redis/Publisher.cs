using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States;

/// <summary>Brings saved records into the log, and after a crash only those that are not there.</summary>
internal sealed class Publisher(ILog log)
{
    private const int ReadBytesMax = 1 << 20;

    /// <summary>Adds the marks: what is published from now on stands behind them.</summary>
    public List<Unpublished> Marked(List<Unpublished> all)
    {
        var marks = new Dictionary<(Topic, int), long>();
        for (var i = 0; i < all.Count; i++)
        {
            var at = (all[i].Topic, all[i].Partition);
            if (!marks.TryGetValue(at, out var mark)) marks[at] = mark = log.EndOffset(at.Topic, at.Partition);
            all[i] = all[i] with { Mark = mark };
        }
        return all;
    }

    /// <summary>In order, and without waiting for each; completes when all are durable.</summary>
    public Task PublishAsync(IEnumerable<Unpublished> all)
    {
        var appends = new List<Task>();
        foreach (var element in all)
            foreach (var record in new LogSlice(0, element.Count, element.Bytes)) appends.Add(log.AppendAsync(element.Topic, element.Partition, record.Span));
        return Task.WhenAll(appends);
    }

    /// <summary>
    /// After a crash: some of these may be in the log. Looks them up by their content, which holds their id, from their marks to the end, and
    /// publishes the others.
    /// </summary>
    public async Task FinishAsync(List<Unpublished> all, CancellationToken cancel)
    {
        var appends = new List<Task>();
        foreach (var lane in all.GroupBy(e => (e.Topic, e.Partition)))
        {
            var there = await FindAsync(lane.Key.Topic, lane.Key.Partition, lane.Min(e => e.Mark), [.. lane.SelectMany(Sums)], cancel).ConfigureAwait(false);
            foreach (var element in lane)
            {
                foreach (var record in new LogSlice(0, element.Count, element.Bytes))
                {
                    var sum = XxHash.Hash64(record.Span);
                    if (there.TryGetValue(sum, out var times) && times > 0) there[sum] = times - 1;
                    else appends.Add(log.AppendAsync(element.Topic, element.Partition, record.Span));
                }
            }
        }
        await Task.WhenAll(appends).ConfigureAwait(false);
    }

    /// <summary>The facts from an offset on, by their content; usually none.</summary>
    public Task<Dictionary<ulong, int>> SaidAsync(int partition, long from, CancellationToken cancel) => FindAsync(Topic.Facts, partition, from, null, cancel);

    /// <summary>Leaves out the facts that were said before, each as often as it was.</summary>
    public static List<Unpublished> Without(List<Unpublished> all, Dictionary<ulong, int> said)
    {
        var rest = new List<Unpublished>();
        foreach (var element in all)
        {
            if (element.Topic != Topic.Facts)
            {
                rest.Add(element);
                continue;
            }
            var (bytes, count, at) = (new List<byte>(), 0, 0);
            foreach (var record in new LogSlice(0, element.Count, element.Bytes))
            {
                var frame = element.Bytes.Slice(at, 4 + record.Length);
                at += frame.Length;
                var sum = XxHash.Hash64(record.Span);
                if (said.TryGetValue(sum, out var times))
                {
                    if (times > 1) said[sum] = times - 1;
                    else said.Remove(sum);
                    continue;
                }
                bytes.AddRange(frame.Span);
                count++;
            }
            if (count > 0) rest.Add(element with { Count = count, Bytes = bytes.ToArray() });
        }
        return rest;
    }

    private async Task<Dictionary<ulong, int>> FindAsync(Topic topic, int partition, long from, HashSet<ulong>? wanted, CancellationToken cancel)
    {
        var there = new Dictionary<ulong, int>();
        var end = log.EndOffset(topic, partition);
        for (var next = Math.Max(from, log.StartOffset(topic, partition)); next < end;)
        {
            var slice = await log.ReadAsync(topic, partition, next, ReadBytesMax, cancel).ConfigureAwait(false);
            foreach (var record in slice)
            {
                var sum = XxHash.Hash64(record.Span);
                if (wanted?.Contains(sum) != false) there[sum] = there.GetValueOrDefault(sum) + 1;
            }
            next = slice.Next;
        }
        return there;
    }

    private static IEnumerable<ulong> Sums(Unpublished element)
    {
        foreach (var record in new LogSlice(0, element.Count, element.Bytes)) yield return XxHash.Hash64(record.Span);
    }
}
