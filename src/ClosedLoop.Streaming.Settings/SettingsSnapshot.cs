using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Settings;

/// <summary>A website. Doors compare keys by SHA-256; the keys themselves are sealed, and only the admin key opens them.</summary>
public sealed record Site
{
    public required string Id { get; init; }                       // 1–64 of a-z A-Z 0-9 _ . -
    public IReadOnlyList<string> Hosts { get; init; } = [];        // lower case; empty: the first page seen is not checked
    public IReadOnlyList<string> Aliases { get; init; } = [];      // "G-ABC", "1", …
    public string TimeZone { get; init; } = "UTC";
    public string Currency { get; init; } = "EUR";
    public int LookbackDays { get; init; } = 90;
    public ConsentMode Consent { get; init; } = ConsentMode.None;
    public bool HonourDoNotTrack { get; init; }
    public IReadOnlyList<string> Redact { get; init; } = DefaultRedact;
    public IReadOnlyList<ChannelRuleSetting> ChannelRules { get; init; } = [];
    public RetentionSetting Retention { get; init; } = new();
    public bool TrustPublicMoney { get; init; }
    public StageRuleSetting? StageRules { get; init; }
    public string WriteKeySha256 { get; init; } = "";              // lower-case hex
    public string ReportKeySha256 { get; init; } = "";
    public string WriteKeySealed { get; init; } = "";
    public string ReportKeySealed { get; init; } = "";
    public long Version { get; init; }

    /// <summary>Query parameters that are never stored: credentials and what identifies a person. Compared without case.</summary>
    public static IReadOnlyList<string> DefaultRedact { get; } =
    [
        "password", "passwd", "pwd", "pass", "secret", "token", "access_token", "refresh_token", "id_token", "auth", "authorization",
        "api_key", "apikey", "key", "sig", "signature", "code", "state", "session", "sessionid", "sid", "jwt", "otp", "pin",
        "email", "e-mail", "mail", "phone", "tel", "mobile", "ssn", "iban", "card", "cardnumber", "cvc", "cvv", "firstname", "lastname",
        "first_name", "last_name", "birthday", "dob",
    ];
}

/// <summary>none: count everybody; opt_out: count until somebody says no; opt_in: totals only until somebody says yes.</summary>
public enum ConsentMode { None, OptOut, OptIn }

/// <summary>A site's own channel rule, tried before the default ones; every part that is given must match (glob with *, without case).</summary>
public sealed record ChannelRuleSetting(string Channel, string? Source = null, string? Medium = null, string? Campaign = null, string? Referrer = null);

/// <summary>Rules, in the language of segments, that make a lead an mql or an sql; null: only sales say so.</summary>
public sealed record StageRuleSetting(string? Mql = null, string? Sql = null);

/// <summary>Days; 0 keeps for ever.</summary>
public sealed record RetentionSetting(int EventsDays = 0, int RefusedDays = 90);

/// <summary>A stored link of <c>/r/{slug}</c>.</summary>
public sealed record Link
{
    public required string Slug { get; init; }                     // 1–64 of a-z A-Z 0-9 _ -
    public required string Site { get; init; }
    public required string Url { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Term { get; init; }
    public string? Content { get; init; }
    public string? Channel { get; init; }
    public string? Code { get; init; }
    public decimal? Cost { get; init; }
    public string? CostCurrency { get; init; }
    /// <summary>The day that the cost belongs to, as 2026-11-21.</summary>
    public string? CostDate { get; init; }
    public long Version { get; init; }
}

/// <summary>A segment as published. <see cref="Version"/> counts its changes.</summary>
public sealed record SegmentSetting
{
    public required string Name { get; init; }                     // 1–64 of a-z 0-9 _ -
    public required string Rule { get; init; }
    public string? Group { get; init; }
    public int Order { get; init; }
    public JsonNode? Action { get; init; }
    public bool Notify { get; init; }
    public int Version { get; init; }
    public long UpdatedMs { get; init; }
}

/// <summary>A receiver of webhooks. Secrets are sealed with the installation's key.</summary>
public sealed record WebhookEndpoint
{
    public required string Id { get; init; }
    public required string Url { get; init; }
    public IReadOnlyList<string> Events { get; init; } = [];       // empty: all
    public IReadOnlyList<string> Segments { get; init; } = [];     // empty: all
    public IReadOnlyList<string> Include { get; init; } = [];      // email, traits
    public bool First { get; init; }
    public bool History { get; init; }
    public bool Paused { get; init; }
    public bool Disabled { get; init; }                            // answered 410
    public IReadOnlyList<SealedSecret> Secrets { get; init; } = []; // newest first; older ones sign until they end
    public string? Site { get; init; }                             // null: all sites
    public long CreatedMs { get; init; }
    public long Version { get; init; }
}

/// <param name="EndsMs">0: in force; otherwise the unix ms at which a rotated secret stops signing.</param>
public sealed record SealedSecret(string Sealed, long EndsMs);

/// <summary>All settings at one moment; immutable, swapped whole.</summary>
public sealed record SettingsSnapshot
{
    public long Version { get; init; }
    /// <summary>The version at which the segments, or the stage rules of a site, changed last; the version of the rules that the log publishes.</summary>
    public long SegmentsVersion { get; init; }
    public FrozenDictionary<string, Site> Sites { get; init; } = FrozenDictionary<string, Site>.Empty;
    /// <summary>Site id or alias → site.</summary>
    public FrozenDictionary<string, Site> SitesByName { get; init; } = FrozenDictionary<string, Site>.Empty;
    public FrozenDictionary<string, Link> Links { get; init; } = FrozenDictionary<string, Link>.Empty;
    public FrozenDictionary<string, SegmentSetting> Segments { get; init; } = FrozenDictionary<string, SegmentSetting>.Empty;
    public FrozenDictionary<string, WebhookEndpoint> Webhooks { get; init; } = FrozenDictionary<string, WebhookEndpoint>.Empty;
}

/// <summary>What every role reads. <see cref="Current"/> is a volatile read and never null.</summary>
public interface ISettings
{
    SettingsSnapshot Current { get; }
    /// <summary>Raised after <see cref="Current"/> was swapped; handlers must be quick and never throw.</summary>
    event Action<SettingsSnapshot>? Changed;
}
