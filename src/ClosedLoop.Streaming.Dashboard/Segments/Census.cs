using System.Runtime.InteropServices;
using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>How many people there are, and in which segments, as of one moment.</summary>
internal sealed class Census(long asOfMs)
{
    private readonly Dictionary<ulong, long> _members = [];

    public long AsOfMs { get; } = asOfMs;
    public long Visitors { get; private set; }
    public long Leads { get; private set; }

    public long Of(string segment) => _members.GetValueOrDefault(XxHash.Hash64(Encoding.UTF8.GetBytes(segment)));

    public void Count(ReadOnlySpan<byte> key, ReadOnlySpan<byte> state)
    {
        var isLead = key[0] == ActorKey.Lead;
        var head = isLead ? StateHead.OfLead(state) : StateHead.OfVisitor(state);
        // A linked visitor is judged as its lead.
        if (head.Link == Link.Made || head.RulesVersion == 0) return;
        if (isLead) Leads++;
        else Visitors++;
        var reader = new MembershipReader(head.Membership);
        while (reader.MoveNext()) CollectionsMarshal.GetValueRefOrAddDefault(_members, XxHash.Hash64(reader.Name), out _)++;
    }

    /// <summary>People of one segment, counted elsewhere.</summary>
    public void Count(string segment, long visitors, long leads)
    {
        _members[XxHash.Hash64(Encoding.UTF8.GetBytes(segment))] = visitors + leads;
        (Visitors, Leads) = (Visitors + visitors, Leads + leads);
    }
}

/// <summary>
/// Counts by looking at everybody, and keeps the answer for a time that follows from how long the looking took: counting never takes
/// more than a twentieth of one core, and a small installation is always fresh.
/// </summary>
internal sealed class CensusTaker(PeopleShelves shelves, TimeProvider time)
{
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
            var census = new Census(time.GetUtcNow().ToUnixTimeMilliseconds());
            shelves.Walk(default, int.MaxValue, (_, key, state) =>
            {
                census.Count(key, state);
                return true;
            });
            _countedAt = time.GetTimestamp();
            var took = time.GetElapsedTime(began, _countedAt) * CostFactor;
            _freshFor = took < FreshFor ? FreshFor : took > FreshForMax ? FreshForMax : took;
            return _last = census;
        }
    }
}
