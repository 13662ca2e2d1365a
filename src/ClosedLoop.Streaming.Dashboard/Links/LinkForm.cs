using System.Globalization;
using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Applies what was said of a link; a wrong field refuses all of them.</summary>
internal static class LinkForm
{
    public const int TextCharactersMax = 200;
    public const decimal CostMax = 100_000_000_000m;

    /// <param name="now">The day of a cost that names none.</param>
    public static Link Apply(Link link, Given<LinkBody> given, SettingsSnapshot settings, DateTimeOffset now)
    {
        var body = given.Value;
        string? Part(string field, string? value, string? old) => given.Has(field) ? Checks.Text(field, value, TextCharactersMax) : old;
        link = link with
        {
            Url = given.Has("url") ? Target(body.Url) : link.Url,
            Source = Part("source", body.Source, link.Source), Medium = Part("medium", body.Medium, link.Medium),
            Campaign = Part("campaign", body.Campaign, link.Campaign), Term = Part("term", body.Term, link.Term),
            Content = Part("content", body.Content, link.Content), Channel = Part("channel", body.Channel, link.Channel),
            Code = Part("code", body.Code, link.Code),
        };
        if (given.Has("cost")) link = link with { Cost = Cost(body.Cost) };
        if (given.Has("currency")) link = link with { CostCurrency = body.Currency is null ? null : Currencies.Check("currency", body.Currency) };
        if (given.Has("cost_date")) link = link with { CostDate = CostReader.Day("cost_date", body.CostDate) };
        if (link.Cost is null) return link with { CostCurrency = null };
        var site = Checks.Site(settings, link.Site);
        return link with
        {
            CostCurrency = link.CostCurrency ?? site.Currency,
            CostDate = link.CostDate ?? DateOnly.FromDayNumber(Rates.DayOf(now.ToUnixTimeMilliseconds(), site) + new DateOnly(1970, 1, 1).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The named site, or the only one.</summary>
    public static string SiteOf(LinkBody body, SettingsSnapshot settings)
    {
        if (!string.IsNullOrEmpty(body.Site)) return Checks.Site(settings, body.Site).Id;
        return settings.Sites.Count == 1 ? settings.Sites.Keys.First() : throw ApiException.Field("site", $"is needed, because there are {settings.Sites.Count} sites.");
    }

    public static string Target(string? url) => SafeTarget.TryAbsolute(url, out _) ? url!
        : throw new ApiException(ApiRefusal.BadUrl, $"The field 'url' must be an absolute http or https address of at most {SafeTarget.BytesMax} bytes, without a user name.");

    private static decimal? Cost(decimal? cost) => cost is null or (>= 0 and <= CostMax) ? cost : throw ApiException.Field("cost", $"must be 0 to {CostMax}.");
}
