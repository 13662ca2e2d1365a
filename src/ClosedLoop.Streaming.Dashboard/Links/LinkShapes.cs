using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>A link that counts; only <c>url</c> is needed. In a change an absent field is left as it is, null empties it.</summary>
internal sealed record LinkBody
{
    public string? Slug { get; init; }
    public string? Url { get; init; }
    public string? Site { get; init; }
    public string? Source { get; init; }
    public string? Medium { get; init; }
    public string? Campaign { get; init; }
    public string? Term { get; init; }
    public string? Content { get; init; }
    public string? Channel { get; init; }
    public string? Code { get; init; }
    public decimal? Cost { get; init; }
    public string? Currency { get; init; }
    /// <summary>The day that the cost belongs to; the day on which it was first named when absent.</summary>
    public string? CostDate { get; init; }
}

/// <summary><c>short_url</c> redirects by the stored slug, <c>signed_url</c> carries everything itself; both count the same click.</summary>
internal sealed record LinkView(
    string Slug, string Site, string Url, string? Source, string? Medium, string? Campaign, string? Term, string? Content, string? Channel, string? Code,
    decimal? Cost, string? Currency, string? CostDate, string ShortUrl, string SignedUrl, long Version)
{
    public static LinkView Of(Link link, LinkSigner signer, string publicUrl) => new(
        link.Slug, link.Site, link.Url, link.Source, link.Medium, link.Campaign, link.Term, link.Content, link.Channel, link.Code, link.Cost, link.CostCurrency, link.Cost is null ? null : link.CostDate,
        $"{publicUrl}/r/{link.Slug}",
        $"{publicUrl}/r?" + signer.Query(new SignedLink(link.Url)
        {
            Site = link.Site, Source = link.Source, Medium = link.Medium, Campaign = link.Campaign, Term = link.Term, Content = link.Content, Channel = link.Channel,
        }), link.Version);
}
