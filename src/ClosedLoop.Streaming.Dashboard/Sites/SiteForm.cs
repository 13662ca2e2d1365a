using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Applies what was said of a site, field by field; a wrong one refuses all of them.</summary>
internal static class SiteForm
{
    public const int HostsMax = 100, AliasesMax = 50, RedactMax = 300, ChannelRulesMax = 100, TextCharactersMax = 200, DaysMax = 36_500;

    public static Site Apply(Site site, Given<SiteBody> given, SettingsSnapshot settings)
    {
        var body = given.Value;
        var fresh = new Site { Id = site.Id };
        if (given.Has("hosts")) site = site with { Hosts = Checks.List("hosts", body.Hosts, HostsMax, Host) };
        if (given.Has("aliases")) site = site with { Aliases = Aliases(site, body.Aliases, settings) };
        if (given.Has("timezone")) site = site with { TimeZone = body.Timezone is null ? fresh.TimeZone : Zone(body.Timezone) };
        if (given.Has("currency")) site = site with { Currency = body.Currency is null ? fresh.Currency : Currencies.Check("currency", body.Currency) };
        if (given.Has("lookback_days"))
            site = site with { LookbackDays = Checks.Whole("lookback_days", body.LookbackDays ?? fresh.LookbackDays, 1, 3_650, "days") };
        if (given.Has("consent")) site = site with { Consent = body.Consent is null ? fresh.Consent : Consent(body.Consent) };
        if (given.Has("redact")) site = site with { Redact = body.Redact is null ? fresh.Redact : Checks.List("redact", body.Redact, RedactMax, Parameter) };
        if (given.Has("channel_rules")) site = site with { ChannelRules = Rules(body.ChannelRules) };
        if (given.Has("retention")) site = site with { Retention = body.Retention is null ? fresh.Retention : Retention(body.Retention, site.Retention) };
        if (given.Has("trust_public_money")) site = site with { TrustPublicMoney = body.TrustPublicMoney ?? fresh.TrustPublicMoney };
        if (given.Has("stage_rules")) site = site with { StageRules = Stages(body.StageRules) };
        if (given.Has("honour_do_not_track")) site = site with { HonourDoNotTrack = body.HonourDoNotTrack ?? fresh.HonourDoNotTrack };
        return site;
    }

    private static string Host(string field, string value)
    {
        var host = value.Trim().ToLowerInvariant();
        var bare = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        // A name or an address, with a port where the site has one of its own; no scheme, no path.
        if (bare.Length is 0 or > 253 || bare.AsSpan().IndexOfAny("/?#@*\\ %") >= 0
            || !Uri.TryCreate("http://" + bare + "/", UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.HostNameType == UriHostNameType.Unknown)
            throw ApiException.Field(field, "must be a host such as shop.example, *.shop.example or shop.example:8443.");
        var name = uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host;
        return (bare == host ? "" : "*.") + name + (uri.IsDefaultPort ? "" : ":" + uri.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static IReadOnlyList<string> Aliases(Site site, IReadOnlyList<string>? given, SettingsSnapshot settings)
    {
        var aliases = Checks.List("aliases", given, AliasesMax, (field, alias) => Checks.Name(field, alias));
        foreach (var alias in aliases)
            if (settings.SitesByName.TryGetValue(alias, out var other) && other.Id != site.Id)
                throw new ApiException(ApiRefusal.Taken, $"The alias '{alias}' already names the site '{other.Id}'.");
        return [.. aliases.Where(a => a != site.Id)];
    }

    private static string Zone(string name)
    {
        var known = name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;
        return known ? name : throw ApiException.Field("timezone", "must be an IANA name that this machine knows, such as Europe/Kyiv or UTC.");
    }

    private static ConsentMode Consent(string word) => Checks.OneOf("consent", word, "none", "opt_out", "opt_in") switch
    {
        "opt_out" => ConsentMode.OptOut,
        "opt_in" => ConsentMode.OptIn,
        _ => ConsentMode.None,
    };

    private static string Parameter(string field, string value) =>
        Checks.Text(field, value, 64)?.ToLowerInvariant() ?? throw ApiException.Field(field, "must be the name of a parameter.");

    /// <exception cref="ApiException">One of them is no rule; with the position of the mistake.</exception>
    private static StageRuleSetting? Stages(StageRulesShape? given)
    {
        if (given is null || given.Mql is null && given.Sql is null) return null;
        if (!StageRules.TryCompile(given.Mql, given.Sql, out _, out var stage, out var mistake))
            throw new ApiException(ApiRefusal.BadRule, $"stage_rules.{stage}: {mistake.Message}", mistake.Position);
        return new StageRuleSetting(given.Mql, given.Sql);
    }

    private static IReadOnlyList<ChannelRuleSetting> Rules(IReadOnlyList<ChannelRuleShape>? given)
    {
        if (given is null) return [];
        if (given.Count > ChannelRulesMax) throw ApiException.Field("channel_rules", $"has {given.Count} entries; at most {ChannelRulesMax} are allowed.");
        return [.. given.Select((rule, i) => Rule($"channel_rules[{i}]", rule))];
    }

    private static ChannelRuleSetting Rule(string field, ChannelRuleShape? rule)
    {
        if (rule is null) throw ApiException.Field(field, "must be an object.");
        string? Part(string name, string? value) => Checks.Text($"{field}.{name}", value, TextCharactersMax);
        var made = new ChannelRuleSetting(
            Part("channel", rule.Channel) ?? throw ApiException.Field(field + ".channel", "must name a channel."),
            Part("source", rule.Source), Part("medium", rule.Medium), Part("campaign", rule.Campaign), Part("referrer", rule.Referrer));
        if (made.Source is null && made.Medium is null && made.Campaign is null && made.Referrer is null)
            throw ApiException.Field(field, "must ask for at least one of source, medium, campaign, referrer; otherwise it would take every visit.");
        return made;
    }

    private static RetentionSetting Retention(RetentionShape given, RetentionSetting old) => new(
        Checks.Whole("retention.events_days", given.EventsDays ?? old.EventsDays, 0, DaysMax, "days; 0 keeps for ever"),
        Checks.Whole("retention.refused_days", given.RefusedDays ?? old.RefusedDays, 0, DaysMax, "days; 0 keeps for ever"));
}
