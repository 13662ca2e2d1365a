using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// The account where owners are in several processes: from what they saved. Nobody can hold them all, so a cut is looked for: two looks at all
/// partitions between which nobody committed. Under load there is none; a moment later there is.
/// </summary>
public sealed class SavedAccounting(ISavedStates states, ILog log, TimeProvider time) : IAccounting
{
    private const int LooksMax = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task<Account> TakeAsync(CancellationToken cancel)
    {
        for (var look = 0; look < LooksMax; look++, await Task.Delay(Pause, time, cancel))
        {
            var before = await PositionsAsync(cancel);
            if (before.Any(position => !position.IsWhole)) continue;
            var hits = Ends(Topic.Hits);
            var facts = Ends(Topic.Facts);
            var after = await PositionsAsync(cancel);
            if (before.Zip(after).All(pair => pair.First.Commits == pair.Second.Commits && pair.Second.IsWhole)) return await AccountAsync(after, hits, facts, cancel);
        }
        throw new TimeoutException("The processors commit without a pause, so that no cut of the log is to be had; try again.");
    }

    private async Task<Account> AccountAsync(SavedPosition[] positions, long[] hits, long[] facts, CancellationToken cancel)
    {
        var (doors, forwarded) = (0L, 0L);
        for (var partition = 0; partition < positions.Length; partition++)
        {
            var tail = await Accounting.TailAsync(log, partition, positions[partition].Absorbed, hits[partition], cancel);
            (doors, forwarded) = (doors + tail.Doors, forwarded + tail.Forwarded);
        }
        var counters = positions.Select(position => Counters.Read(position.Counters.Span)).ToList();
        return new Account(counters.Sum(c => c.Received) + doors, counters.Sum(c => c.Stored), counters.Sum(c => c.Duplicates), counters.Sum(c => c.Refused),
            counters.Sum(c => c.TotalsOnly), 0, 0, doors + forwarded, facts);
    }

    private long[] Ends(Topic topic) => [.. Enumerable.Range(0, log.Partitions).Select(partition => log.EndOffset(topic, partition))];

    private async Task<SavedPosition[]> PositionsAsync(CancellationToken cancel)
    {
        var positions = new SavedPosition[log.Partitions];
        for (var partition = 0; partition < positions.Length; partition++) positions[partition] = await states.PositionAsync(partition, cancel);
        return positions;
    }
}
