using System.Collections.Frozen;
using System.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The members of an event that mean something to us. Those from <see cref="OrderId"/> on may stand in <c>properties</c> or beside it.</summary>
internal enum EventMember : byte
{
    None = 0,
    Event, EventId, Site, OccurredAt, VisitorId, OtherVisitorId, VisitorIds, Lead, Url, Referrer, Title, UserAgent, Ip, Language, Timezone,
    UserId, Campaign, Properties, MalformedLine,
    OrderId, Revenue, Currency, Discount, Coupon, Items, GrossProfit, Amount, DealId, DealStage, Stage, Reason, Channel, Direction,
    Score, Form, Question, Answer, Category, HeardFrom,
    // Inside lead and campaign.
    Email, Phone, ExternalId, Traits, Source, Medium, CampaignName, Term, Content, CampaignId, ClickId, Network,
    // A message's or a call's campaign where it is a property; on any other event the word is the sender's own.
    PropertyCampaign,
    Count,
}

internal static class EventMembers
{
    private static readonly FrozenDictionary<UInt128, EventMember> TopLevel = Table(EventMember.Event, EventMember.HeardFrom, ("page_title", EventMember.Title));
    private static readonly FrozenDictionary<UInt128, EventMember> OfProperties =
        Table(EventMember.OrderId, EventMember.HeardFrom, ("campaign", EventMember.PropertyCampaign));
    private static readonly FrozenDictionary<UInt128, EventMember> OfLead = Table(EventMember.Email, EventMember.Traits);
    private static readonly FrozenDictionary<UInt128, EventMember> OfCampaign =
        Table(EventMember.Source, EventMember.Network, ("campaign", EventMember.CampaignName), ("name", EventMember.CampaignName), ("id", EventMember.CampaignId));

    public static EventMember AtTop(ReadOnlySpan<byte> name) => Find(TopLevel, name);
    public static EventMember InProperties(ReadOnlySpan<byte> name) => Find(OfProperties, name);
    public static EventMember InLead(ReadOnlySpan<byte> name) => Find(OfLead, name);
    public static EventMember InCampaign(ReadOnlySpan<byte> name) => Find(OfCampaign, name);

    /// <summary>The name on the wire: event_id for EventId.</summary>
    public static string Name(EventMember member) => string.Concat(member.ToString()
        .Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));

    private static EventMember Find(FrozenDictionary<UInt128, EventMember> table, ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= 16 && table.TryGetValue(Pack(name), out var member) ? member : EventMember.None;

    private static FrozenDictionary<UInt128, EventMember> Table(EventMember first, EventMember last, params (string Name, EventMember Member)[] more) =>
        Enumerable.Range((int)first, last - first + 1).Select(i => (Name: Name((EventMember)i), Member: (EventMember)i)).Concat(more)
            .ToFrozenDictionary(p => Pack(Encoding.ASCII.GetBytes(p.Name)), p => p.Member);

    /// <summary>Names of at most 16 bytes as one integer; longer ones are none of ours.</summary>
    private static UInt128 Pack(ReadOnlySpan<byte> name)
    {
        UInt128 packed = 0;
        foreach (var b in name) packed = packed << 8 | b;
        return packed;
    }
}
