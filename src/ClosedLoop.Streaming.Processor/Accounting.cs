using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What became of every hit, at one cut of the log. <see cref="InFlight"/> is counted in the log, never computed as a difference.</summary>
/// <param name="FactEnds">End of the facts at the cut, per partition: what the warehouse must have when it has read so far.</param>
public sealed record Account(
    long Received, long Stored, long Duplicates, long Refused, long TotalsOnly, long Erased, long Expired, long InFlight, IReadOnlyList<long> FactEnds)
{
    /// <summary>0 when it adds up.</summary>
    public long Difference => Received - (Stored + Duplicates + Refused + TotalsOnly + Erased + Expired + InFlight);
}

/// <summary>
/// Proves the identity of CONTRACT.md §1 (verify). For the cut all owners are held for a moment between two steps; the tails of the log
/// behind the cut are counted afterwards, because they don't change.
/// </summary>
public sealed class Accounting(ProcessorService processor, ILog log, IEnumerable<IRelay> relays) : IAccounting
{
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RelayPause = TimeSpan.FromMilliseconds(20);
    private const int ReadBytesMax = 1 << 20;

    private readonly record struct Cut(long Next, long End, long FactEnd, long[] Counters);

    /// <exception cref="TimeoutException">A step took longer than 5 s.</exception>
    public async Task<Account> TakeAsync(CancellationToken cancel)
    {
        var cuts = await CutAllAsync(cancel);
        // A forwarded hit was received where it came in, and lies in the tail of its lead's partition.
        var waiting = (Doors: 0L, Forwarded: 0L);
        for (var partition = 0; partition < cuts.Length; partition++)
        {
            var tail = await TailAsync(log, partition, cuts[partition].Next, cuts[partition].End, cancel);
            waiting = (waiting.Doors + tail.Doors, waiting.Forwarded + tail.Forwarded);
        }
        long Sum(int counter) => cuts.Sum(c => c.Counters[counter]);
        return new Account(Sum(0) + waiting.Doors, Sum(1), Sum(2), Sum(3), Sum(4), 0, 0, waiting.Doors + waiting.Forwarded, [.. cuts.Select(c => c.FactEnd)]);
    }

    private async Task<Cut[]> CutAllAsync(CancellationToken cancel)
    {
        // In a group other processes have the rest, and their counters with them.
        if (processor.Owners.FirstOrDefault(owner => !owner.IsOpen) is { } elsewhere)
            throw new TimeoutException($"Partition {elsewhere.Partition} is not open here: it is being loaded, or another processor has it. The account needs one process with all partitions.");
        var held = new List<PartitionOwner>();
        try
        {
            foreach (var owner in processor.Owners)
            {
                if (!await owner.Step.WaitAsync(HoldMax, cancel)) throw new TimeoutException($"Partition {owner.Partition} did not come to the end of a step within {HoldMax.TotalSeconds:0} s; try again.");
                held.Add(owner);
            }
            await DrainAsync(cancel);
            return [.. processor.Owners.Select(o => new Cut(
                o.Next, log.EndOffset(Topic.Hits, o.Partition), log.EndOffset(Topic.Facts, o.Partition), Values(o.Core.Bench.Counters)))];
        }
        finally
        {
            foreach (var owner in held) owner.Step.Release();
        }
    }

    // What the owners have saved and the log has not got yet would be missing from the cut; nothing is added while they are held.
    private async Task DrainAsync(CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; relays.Any(relay => !relay.IsDrained); waited += RelayPause)
        {
            if (waited > HoldMax) throw new TimeoutException($"What the processor saved did not reach the log within {HoldMax.TotalSeconds:0} s; try again.");
            await Task.Delay(RelayPause, cancel);
        }
    }

    private static long[] Values(Counters c) => [c.Received, c.Stored, c.Duplicates, c.Refused, c.TotalsOnly];

    /// <summary>Hits behind the cut: those that doors appended, and those that owners sent on.</summary>
    internal static async Task<(long Doors, long Forwarded)> TailAsync(ILog log, int partition, long next, long end, CancellationToken cancel)
    {
        var reader = new RecordReader();
        var (doors, forwarded) = (0L, 0L);
        while (next < end)
        {
            var slice = await log.ReadAsync(Topic.Hits, partition, next, ReadBytesMax, cancel);
            var offset = slice.FirstOffset;
            foreach (var record in slice)
            {
                if (offset++ >= end) break;
                if (!reader.TryRead(record) || reader.Kind is RecordKind.Event or RecordKind.Refused or RecordKind.TotalsOnly) doors++;
                else if (reader.Kind == RecordKind.Forwarded) forwarded++;
            }
            next = slice.Next;
        }
        return (doors, forwarded);
    }
}
