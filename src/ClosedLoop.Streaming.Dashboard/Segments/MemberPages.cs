using System.Globalization;
using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// Who is in a segment, page by page in the order of the shelves. People who come and go between two pages may be missed, but nobody who
/// stays is, and nobody is named twice.
/// </summary>
internal sealed class MemberPages(LivePeople people, DashboardOptions options)
{
    /// <summary>A place in the shelves.</summary>
    public readonly record struct Place(int Partition, int Slot)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}.{Slot}");

        public static Place Parse(string? cursor)
        {
            if (string.IsNullOrEmpty(cursor)) return default;
            var parts = cursor.Split('.');
            return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
                ? new Place(partition, slot) : throw ApiException.Field("cursor", "must be the next_cursor of an earlier page.");
        }
    }

    /// <summary>At most <paramref name="limit"/> members; the place of the next page, or null at the end.</summary>
    public (List<MemberView> Members, Place? Next) Read(string segment, string? site, Place from, int limit)
    {
        var name = Encoding.UTF8.GetBytes(segment);
        var members = new List<MemberView>();
        (int Partition, int Slot)? at = (from.Partition, from.Slot);
        for (var looked = 0; at is { } here && members.Count < limit && looked < options.PageScanPeopleMax;)
        {
            // No slice is larger than what the page still takes, so that the place after it is the place of the next page.
            var slice = limit - members.Count;
            looked += slice;
            at = people.Scan(here, slice, (of, key, state) =>
            {
                if ((site is null || of == site) && Member(of, key, state, name) is { } member) members.Add(member);
            });
        }
        return (members, at is { } next ? new Place(next.Partition, next.Slot) : null);
    }

    private static MemberView? Member(string site, byte[] key, byte[] state, byte[] segment)
    {
        var isLead = key[0] == ActorKey.Lead;
        var head = isLead ? StateHead.OfLead(state) : StateHead.OfVisitor(state);
        if (head.Link == Link.Made) return null;
        var membership = new MembershipReader(head.Membership);
        while (membership.MoveNext())
            if (membership.Name.SequenceEqual(segment)) return Describe(site, key, state, isLead, membership.SinceMs);
        return null;
    }

    private static MemberView Describe(string site, byte[] key, byte[] state, bool isLead, long sinceMs)
    {
        var id = Encoding.UTF8.GetString(key.AsSpan(1));
        var since = ApiJson.Time(sinceMs);
        if (!isLead) return new MemberView(site, id, [id], null, null, since);
        var lead = new LeadState();
        lead.Read(state);
        var external = lead.AsPerson(new Person()).ExternalId;
        return new MemberView(site, null, [.. Enumerable.Range(0, lead.BrowserCount).Select(i => lead[i].VisitorId)], id,
            external.IsEmpty ? null : Encoding.UTF8.GetString(external), since);
    }
}
