using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What may be said of a site; an absent field is left as it is, null sets the default again.</summary>
internal sealed record SiteBody
{
    public string? Id { get; init; }
    public IReadOnlyList<string>? Hosts { get; init; }
    public IReadOnlyList<string>? Aliases { get; init; }
    public string? Timezone { get; init; }
    public string? Currency { get; init; }
    public int? LookbackDays { get; init; }
    public string? Consent { get; init; }
    public IReadOnlyList<string>? Redact { get; init; }
    public IReadOnlyList<ChannelRuleShape>? ChannelRules { get; init; }
    public RetentionShape? Retention { get; init; }
    public bool? TrustPublicMoney { get; init; }
    public StageRulesShape? StageRules { get; init; }
    public bool? HonourDoNotTrack { get; init; }
}

/// <summary>Parts that are given must all match; * stands for anything.</summary>
internal sealed record ChannelRuleShape
{
    public string? Channel { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Referrer { get; init; }
}

/// <summary>Rules in the language of segments that move a lead to mql or sql; what sales say stands above them. Null: only sales say so.</summary>
internal sealed record StageRulesShape
{
    public string? Mql { get; init; }
    public string? Sql { get; init; }
}

/// <summary>Days; 0 keeps for ever.</summary>
internal sealed record RetentionShape
{
    public int? EventsDays { get; init; }
    public int? RefusedDays { get; init; }
}

/// <summary>Which keys to make anew; both when nothing is said.</summary>
internal sealed record KeysBody
{
    public bool? Write { get; init; }
    public bool? Report { get; init; }
}

/// <summary>A site as the admin sees it, with its keys in the clear.</summary>
internal sealed record SiteView(
    string Id, IReadOnlyList<string> Hosts, IReadOnlyList<string> Aliases, string Timezone, string Currency, int LookbackDays, string Consent,
    IReadOnlyList<string> Redact, IReadOnlyList<ChannelRuleShape> ChannelRules, RetentionShape Retention, bool TrustPublicMoney, StageRulesShape? StageRules,
    bool HonourDoNotTrack, string? WriteKey, string? ReportKey, long Version)
{
    public static SiteView Of(Site site, Keyring keyring) => new(
        site.Id, site.Hosts, site.Aliases, site.TimeZone, site.Currency, site.LookbackDays, Word(site.Consent), site.Redact,
        [.. site.ChannelRules.Select(r => new ChannelRuleShape { Channel = r.Channel, Source = r.Source, Medium = r.Medium, Campaign = r.Campaign, Referrer = r.Referrer })],
        new RetentionShape { EventsDays = site.Retention.EventsDays, RefusedDays = site.Retention.RefusedDays },
        site.TrustPublicMoney, site.StageRules is { } stages ? new StageRulesShape { Mql = stages.Mql, Sql = stages.Sql } : null, site.HonourDoNotTrack, Open(site.WriteKeySealed, keyring), Open(site.ReportKeySealed, keyring), site.Version);

    public static string Word(ConsentMode consent) => consent switch
    {
        ConsentMode.OptOut => "opt_out",
        ConsentMode.OptIn => "opt_in",
        _ => "none",
    };

    /// <summary>Null when it was sealed by another installation's secret: the key still works, but nobody can show it.</summary>
    private static string? Open(string sealedKey, Keyring keyring)
    {
        if (sealedKey.Length == 0) return null;
        try { return Encoding.UTF8.GetString(keyring.Open(sealedKey)); }
        catch (CryptographicException) { return null; }
    }
}
