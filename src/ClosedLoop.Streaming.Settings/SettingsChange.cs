using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClosedLoop.Streaming.Settings;

/// <summary>One record of the settings' log: exactly one part is set. The whole new value, not a difference.</summary>
public sealed record SettingsChange
{
    public Site? Site { get; init; }
    public Link? Link { get; init; }
    public string? LinkRemoved { get; init; }
    public SegmentSetting? Segment { get; init; }
    public string? SegmentRemoved { get; init; }
    /// <summary>Several at once, as one version: the defaults of a new installation.</summary>
    public IReadOnlyList<SegmentSetting>? Segments { get; init; }
    public WebhookEndpoint? Webhook { get; init; }
    public string? WebhookRemoved { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">The bytes are no change.</exception>
    public static SettingsChange Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<SettingsChange>(json, Json) ?? throw new JsonException("A settings record is null.");

    /// <summary>The snapshot with this change; versions count from 1.</summary>
    public SettingsSnapshot ApplyTo(SettingsSnapshot old)
    {
        var version = old.Version + 1;
        var next = old with { Version = version };
        if (Site is not null) next = WithSites(next, Site with { Version = version });
        // Stage rules are judged like segments: a new version of them is a new version of the rules.
        if (Site is not null && Site.StageRules != old.Sites.GetValueOrDefault(Site.Id)?.StageRules) next = next with { SegmentsVersion = version };
        if (Link is not null) next = next with { Links = With(next.Links, Link.Slug, Link with { Version = version }) };
        if (LinkRemoved is not null) next = next with { Links = Without(next.Links, LinkRemoved) };
        if (Segment is not null) next = next with { Segments = With(next.Segments, Segment.Name, Segment), SegmentsVersion = version };
        if (Segments is not null)
            next = next with { Segments = Segments.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal), SegmentsVersion = version };
        if (SegmentRemoved is not null) next = next with { Segments = Without(next.Segments, SegmentRemoved), SegmentsVersion = version };
        if (Webhook is not null) next = next with { Webhooks = With(next.Webhooks, Webhook.Id, Webhook with { Version = version }) };
        if (WebhookRemoved is not null) next = next with { Webhooks = Without(next.Webhooks, WebhookRemoved) };
        return next;
    }

    private static SettingsSnapshot WithSites(SettingsSnapshot old, Site site)
    {
        var sites = With(old.Sites, site.Id, site);
        var names = new Dictionary<string, Site>(StringComparer.Ordinal);
        // An id wins over another site's alias of the same text.
        foreach (var each in sites.Values.OrderBy(s => s.Id, StringComparer.Ordinal))
            foreach (var alias in each.Aliases) names.TryAdd(alias, each);
        foreach (var each in sites.Values) names[each.Id] = each;
        return old with { Sites = sites, SitesByName = names.ToFrozenDictionary(StringComparer.Ordinal) };
    }

    private static FrozenDictionary<string, T> With<T>(FrozenDictionary<string, T> old, string key, T value) =>
        new Dictionary<string, T>(old, StringComparer.Ordinal) { [key] = value }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenDictionary<string, T> Without<T>(FrozenDictionary<string, T> old, string key)
    {
        var copy = new Dictionary<string, T>(old, StringComparer.Ordinal);
        copy.Remove(key);
        return copy.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
