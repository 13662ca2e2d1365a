using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>A segment as it would be after a change, checked together with all others.</summary>
internal static class SegmentForm
{
    public const int OrderMax = 1_000_000;
    /// <summary>Order of a segment that says nothing: behind the defaults.</summary>
    private const int OrderOtherwise = 1_000;

    /// <summary>Re-judging after a change with <c>notify</c> is long over by then; later changes of other rules stay silent.</summary>
    private const long NotifyMsMax = 15 * 60_000;

    /// <summary>Null when nothing would change.</summary>
    public static SettingsChange? Change(string name, Given<SegmentBody> given, SettingsSnapshot now, long nowMs)
    {
        var body = given.Value;
        var old = now.Segments.GetValueOrDefault(name);
        var next = new SegmentSetting
        {
            Name = name,
            Rule = body.Rule ?? old?.Rule ?? throw ApiException.Field("rule", "is needed."),
            Group = given.Has("group") ? Group(body.Group) : old?.Group,
            Order = Order(body.Order, old),
            Action = given.Has("action") ? Node(body.Action) : old?.Action,
            Notify = body.Notify ?? false,
            Version = (old?.Version ?? 0) + 1,
            UpdatedMs = nowMs,
        };
        if (old is not null && old.Rule == next.Rule && old.Group == next.Group && old.Order == next.Order && JsonNode.DeepEquals(old.Action, next.Action)) return null;
        List<SegmentSetting> all = [.. now.Segments.Values.Where(s => s.Name != name).Select(s => s.Notify && nowMs - s.UpdatedMs > NotifyMsMax ? s with { Notify = false } : s), next];
        Build(all, name, nowMs);
        return new SettingsChange { Segments = all };
    }

    /// <summary>Compiles all of them as one set.</summary>
    /// <exception cref="ApiException">The named one is wrong; with the position when it is its rule.</exception>
    public static RuleSet Build(IEnumerable<SegmentSetting> segments, string name, long nowMs)
    {
        if (RuleSet.TryBuild(segments.Select(PublishedRules.DefinitionOf), 1, nowMs, out var set, out var mistakes)) return set;
        var mistake = mistakes.FirstOrDefault(m => m.Segment == name) ?? mistakes[0];
        throw mistake.Position >= 0
            ? new ApiException(ApiRefusal.BadRule, mistake.Message, mistake.Position)
            : new ApiException(mistake.Segment.Length == 0 ? ApiRefusal.LimitReached : ApiRefusal.BadField, mistake.Message);
    }

    public static string? Group(string? group) => string.IsNullOrEmpty(group) ? null
        : RuleSetBuilder.IsName(group) ? group : throw ApiException.Field("group", $"must be 1 to {RuleLimits.NameCharsMax} characters of a-z 0-9 _ -.");

    public static int Order(int? order, SegmentSetting? old) =>
        Checks.Whole("order", order ?? old?.Order ?? OrderOtherwise, -OrderMax, OrderMax, "(lower comes first)");

    public static string Name(string name) => RuleSetBuilder.IsName(name) ? name
        : throw ApiException.Field("name", $"must be 1 to {RuleLimits.NameCharsMax} characters of a-z 0-9 _ -.");

    private static JsonNode? Node(JsonElement? action) => action is { } element ? JsonNode.Parse(element.GetRawText()) : null;
}
