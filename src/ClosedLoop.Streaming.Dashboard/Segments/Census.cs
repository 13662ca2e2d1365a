using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>How many people there are, and in which segments, as of one moment.</summary>
internal sealed class Census(long asOfMs)
{
    private readonly Dictionary<ulong, long> _members = [];

    public long AsOfMs { get; } = asOfMs;
    public long Visitors { get; set; }
    public long Leads { get; set; }

    public long Of(string segment) => _members.GetValueOrDefault(XxHash.Hash64(System.Text.Encoding.UTF8.GetBytes(segment)));

    public void Count(ReadOnlySpan<byte> membership)
    {
        var reader = new MembershipReader(membership);
        while (reader.MoveNext())
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_members, XxHash.Hash64(reader.Name), out _)++;
    }
}

/// <summary>
/// Counts by looking at everybody, and keeps the answer for a time that follows from how long the looking took: counting never takes
/// more than a twentieth of one core, and a small installation is always fresh.
/// </summary>
internal sealed class CensusTaker(ProcessorService processor, TimeProvider time)
{
    /// <summary>Slots read in one go under the owner's gate: a fraction of a millisecond.</summary>
    private const int SliceSlotsMax = 1024;
    private static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(250), FreshForMax = TimeSpan.FromSeconds(60);
    private const int CostFactor = 20;

    private readonly Lock _counting = new();
    private Census? _last;
    private long _countedAt;
    private TimeSpan _freshFor;

    /// <summary>The last count while it is fresh, otherwise a new one.</summary>
    public Census Now()
    {
        lock (_counting)
        {
            if (_last is not null && time.GetElapsedTime(_countedAt) < _freshFor) return _last;
            var began = time.GetTimestamp();
            _last = Count();
            _countedAt = time.GetTimestamp();
            var took = time.GetElapsedTime(began, _countedAt) * CostFactor;
            _freshFor = took < FreshFor ? FreshFor : took > FreshForMax ? FreshForMax : took;
            return _last;
        }
    }

    private Census Count()
    {
        var census = new Census(time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var owner in processor.Owners)
            for (var slot = 0; slot >= 0;) slot = CountSlice(owner.Shelf, slot, census);
        return census;
    }

    private static int CountSlice(Shelf shelf, int slot, Census census)
    {
        lock (shelf.Gate)
        {
            var end = Math.Min(shelf.SlotCount, slot + SliceSlotsMax);
            for (; slot < end; slot++)
                if (shelf.TryReadSlot(slot, out var key, out var state)) CountOne(key, state, census);
            return end == shelf.SlotCount ? -1 : slot;
        }
    }

    private static void CountOne(ReadOnlySpan<byte> shelfKey, ReadOnlySpan<byte> state, Census census)
    {
        ActorKey.Split(shelfKey, out _, out var key);
        if (key.IsEmpty || key[0] is not (ActorKey.Visitor or ActorKey.Lead) || state.IsEmpty) return;
        var head = key[0] == ActorKey.Lead ? StateHead.OfLead(state) : StateHead.OfVisitor(state);
        // A linked visitor is judged as its lead.
        if (head.Link == Link.Made || head.RulesVersion == 0) return;
        if (key[0] == ActorKey.Lead) census.Leads++;
        else census.Visitors++;
        census.Count(head.Membership);
    }
}
