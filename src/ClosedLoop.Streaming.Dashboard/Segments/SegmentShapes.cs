using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// A segment; of a known one an absent field is left as it is, null empties it. <c>notify</c> is about this change alone: absent is false.
/// </summary>
internal sealed record SegmentBody
{
    public string? Rule { get; init; }
    public string? Group { get; init; }
    public int? Order { get; init; }
    public JsonElement? Action { get; init; }
    public bool? Notify { get; init; }
}

/// <param name="Members">People who are in it now, visitors and leads, of all sites.</param>
/// <param name="MembersAsOf">When they were counted: at most a quarter of a second ago, in large installations some seconds.</param>
internal sealed record SegmentView(
    string Name, string Rule, int Version, string? Group, int Order, JsonNode? Action, bool Notify, long Members, string? MembersAsOf, string? UpdatedAt)
{
    public static SegmentView Of(SegmentSetting segment, Census census) => new(
        segment.Name, segment.Rule, segment.Version, segment.Group, segment.Order, segment.Action, segment.Notify, census.Of(segment.Name),
        ApiJson.Time(census.AsOfMs), ApiJson.Time(segment.UpdatedMs));
}

/// <summary>A rule to try; group and order as they stand unless given.</summary>
internal sealed record PreviewBody
{
    public string? Rule { get; init; }
    public string? Group { get; init; }
    public int? Order { get; init; }
}

/// <summary>A person by whichever id it is known: a visitor while anonymous, then a lead.</summary>
internal sealed record PersonName(string Site, string? VisitorId, string? LeadId);

internal sealed record PreviewSide(long Count, IReadOnlyList<PersonName> People);

/// <param name="Judged">People that were looked at.</param>
/// <param name="Complete">False: time ran out, there are more.</param>
internal sealed record PreviewView(string Segment, PreviewSide Enter, PreviewSide Leave, long Members, long Judged, bool Complete, string? AsOf);

internal sealed record MemberView(string Site, string? VisitorId, IReadOnlyList<string> VisitorIds, string? LeadId, string? ExternalId, string? Since);

/// <param name="NextCursor">For the next page; null at the end. A page may be short, even empty, and still have one.</param>
internal sealed record MembersView(string Segment, string? AsOf, IReadOnlyList<MemberView> Members, string? NextCursor);
