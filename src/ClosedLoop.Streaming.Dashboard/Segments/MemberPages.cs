using System.Text;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// Who is in a segment, page by page in the order of the shelves. People who come and go between two pages may be missed, but nobody who
/// stays is, and nobody is named twice.
/// </summary>
internal sealed class MemberPages(PeopleShelves shelves, DashboardOptions options)
{
    private readonly record struct Found(string Site, byte[] Key, byte[] State, long SinceMs);

    /// <summary>At most <paramref name="limit"/> members; the place of the next page, or null at the end.</summary>
    public (List<MemberView> Members, Place? Next) Read(string segment, string? site, Place from, int limit)
    {
        var name = Encoding.UTF8.GetBytes(segment);
        var wanted = site is null ? null : Encoding.UTF8.GetBytes(site);
        var found = new List<Found>();
        var next = shelves.Walk(from, options.PageScanPeopleMax, (of, key, state) =>
        {
            if ((wanted is null || of.SequenceEqual(wanted)) && IsMember(key, state, name, out var sinceMs))
                found.Add(new Found(Encoding.UTF8.GetString(of), key.ToArray(), state.ToArray(), sinceMs));
            return found.Count < limit;
        });
        return ([.. found.Select(Describe)], next);
    }

    private static bool IsMember(ReadOnlySpan<byte> key, ReadOnlySpan<byte> state, byte[] segment, out long sinceMs)
    {
        sinceMs = 0;
        var head = key[0] == ActorKey.Lead ? StateHead.OfLead(state) : StateHead.OfVisitor(state);
        // A linked visitor is judged as its lead.
        if (head.Link == Link.Made) return false;
        var membership = new MembershipReader(head.Membership);
        while (membership.MoveNext())
        {
            if (!membership.Name.SequenceEqual(segment)) continue;
            sinceMs = membership.SinceMs;
            return true;
        }
        return false;
    }

    private static MemberView Describe(Found found)
    {
        var id = Encoding.UTF8.GetString(found.Key.AsSpan(1));
        var since = ApiJson.Time(found.SinceMs);
        if (found.Key[0] != ActorKey.Lead) return new MemberView(found.Site, id, [id], null, null, since);
        var lead = new LeadState();
        lead.Read(found.State);
        var external = lead.AsPerson(new Person()).ExternalId;
        return new MemberView(found.Site, null, [.. lead.VisitorIds()], id,
            external.IsEmpty ? null : Encoding.UTF8.GetString(external), since);
    }
}
