using System.Text.Json;
using System.Text.Json.Serialization;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>The JSON of a <see cref="RecordKind.Published"/> record: one version of all segments, or one version of a site.</summary>
public sealed record PublishedRules
{
    public long Version { get; init; }
    public IReadOnlyList<SegmentSetting>? Segments { get; init; }
    public Site? Site { get; init; }
    /// <summary>Site id → its stage rules; they are a part of the version of the segments.</summary>
    public IReadOnlyDictionary<string, StageRuleSetting>? Stages { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Null when the bytes are no published rules.</summary>
    public static PublishedRules? Read(ReadOnlySpan<byte> json)
    {
        try { return JsonSerializer.Deserialize<PublishedRules>(json, Json); }
        catch (JsonException) { return null; }
    }

    /// <summary>The record that tells one partition; its id hashes its content, so that publishing twice is publishing once.</summary>
    public static byte[] Record(PublishedRules rules, long publishedMs)
    {
        var payload = rules.Write();
        return new RecordWriter(payload.Length + 128).Begin(RecordKind.Published, publishedMs, Id.OfBytes(payload), default, default)
            .Add(Field.Payload, payload).Written.ToArray();
    }

    public static SegmentDefinition DefinitionOf(SegmentSetting segment) => new()
    {
        Name = segment.Name, Rule = segment.Rule, Group = segment.Group, Order = segment.Order,
        ActionJson = segment.Action?.ToJsonString(), Notify = segment.Notify, Version = Math.Max(1, segment.Version),
    };

    /// <summary>Compiled, by site; what is no rule was never accepted by the settings, and is none here.</summary>
    public IReadOnlyList<(byte[] Site, StageRules Rules)> StagesOf()
    {
        var stages = new List<(byte[], StageRules)>();
        foreach (var (site, setting) in (Stages ?? new Dictionary<string, StageRuleSetting>()).OrderBy(s => s.Key, StringComparer.Ordinal))
            if (StageRules.TryCompile(setting.Mql, setting.Sql, out var rules, out _, out _)) stages.Add((System.Text.Encoding.UTF8.GetBytes(site), rules));
        return stages;
    }

    public static SiteRules SiteRulesOf(Site site) => new()
    {
        Hosts = new HostSet(site.Hosts),
        ChannelRules = [.. site.ChannelRules.Select(r => new ChannelRule(r.Channel, r.Source, r.Medium, r.Campaign, r.Referrer))],
        LookbackDays = Math.Clamp(site.LookbackDays, 1, 36_600),
        TimeZone = site.TimeZone, Currency = site.Currency, TrustPublicMoney = site.TrustPublicMoney,
    };
}
