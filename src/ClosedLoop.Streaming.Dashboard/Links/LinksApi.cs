using System.ComponentModel;
using System.Security.Cryptography;
using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/v1/links</c>: addresses for mails, ads and print that count their clicks.</summary>
internal sealed class LinksApi(SettingsStore settings, LinkSigner signer, PublicAddress address, DashboardOptions options, DashboardTelemetry telemetry, CostLog costs, TimeProvider time)
{
    // Without letters and digits that look alike in print.
    private const string SlugCharacters = "23456789abcdefghijkmnpqrstuvwxyz";
    private const int SlugLength = 8;

    public void Map(RouteGroupBuilder routes)
    {
        routes.WithTags("Links");
        routes.MapGet("", List).Says<LinkView[]>("listLinks", "All links, by slug");
        routes.MapGet("/{slug}", Get).Says<LinkView>("getLink", "One link");
        routes.MapGet("/{slug}/qr.svg", Qr).WithName("linkQr").WithSummary("The short address as a QR code").Produces(200, contentType: "image/svg+xml");
        routes.MapPost("", (Delegate)Create).Takes<LinkBody>().Says<LinkView>("createLink", "Adds a link; the slug is made when none is given", 201);
        routes.MapPatch("/{slug}", Change).Takes<LinkBody>().Says<LinkView>("changeLink", "Changes the named fields of a link");
        routes.MapDelete("/{slug}", Remove).SaysNothing("removeLink", "Removes a link; its address answers 404 from then on");
    }

    private IResult List(HttpContext http, [Description("Only links of this site.")] string? site) => ApiJson.Answer(settings.Current.Links.Values
        .Where(l => string.IsNullOrEmpty(site) || l.Site == Checks.Site(settings.Current, site).Id)
        .OrderBy(l => l.Slug, StringComparer.Ordinal).Select(l => View(http, l)).ToArray());

    private IResult Get(HttpContext http, string slug) => ApiJson.Answer(View(http, Find(settings.Current, slug)));

    private IResult Qr(HttpContext http, string slug) => Results.Text(QrSvg.Of(View(http, Find(settings.Current, slug)).ShortUrl), "image/svg+xml");

    private async Task<IResult> Create(HttpContext http)
    {
        var given = await Given<LinkBody>.ReadAsync(http, options);
        var body = given.Value;
        var slug = string.IsNullOrEmpty(body.Slug) ? null : Checks.Name("slug", body.Slug, "_-");
        await settings.UpdateAsync(now =>
        {
            if (now.Links.Count >= options.LinksMax) throw new ApiException(ApiRefusal.LimitReached, $"There are {now.Links.Count} links; at most {options.LinksMax} are allowed.");
            if (slug is not null && now.Links.ContainsKey(slug)) throw new ApiException(ApiRefusal.Taken, $"There is a link '{slug}' already.");
            while (slug is null || now.Links.ContainsKey(slug)) slug = RandomNumberGenerator.GetString(SlugCharacters, SlugLength);
            var empty = new Link { Slug = slug, Site = LinkForm.SiteOf(body, now), Url = LinkForm.Target(body.Url) };
            return new SettingsChange { Link = Convertible(LinkForm.Apply(empty, given, now, time.GetUtcNow()), now) };
        });
        await costs.StateAsync(settings.Current.Links[slug!]);
        telemetry.Changed("link");
        http.Response.Headers.Location = "/v1/links/" + slug;
        return ApiJson.Answer(View(http, settings.Current.Links[slug!]), 201);
    }

    private async Task<IResult> Change(HttpContext http, string slug)
    {
        var given = await Given<LinkBody>.ReadAsync(http, options);
        if (given.Has("slug") && given.Value.Slug != slug) throw ApiException.Field("slug", "can't be changed; add another link instead.");
        await settings.UpdateAsync(now =>
        {
            var old = Find(now, slug);
            if (given.Has("site")) old = old with { Site = LinkForm.SiteOf(given.Value, now) };
            return new SettingsChange { Link = Convertible(LinkForm.Apply(old, given, now, time.GetUtcNow()), now) };
        });
        await costs.StateAsync(settings.Current.Links[slug]);
        telemetry.Changed("link");
        return ApiJson.Answer(View(http, settings.Current.Links[slug]));
    }

    private async Task<IResult> Remove(string slug)
    {
        await settings.UpdateAsync(now => new SettingsChange { LinkRemoved = Find(now, slug).Slug });
        telemetry.Changed("link");
        return Results.NoContent();
    }

    private Link Convertible(Link link, SettingsSnapshot now) => link.Cost is null || costs.RowOf(link, now) is not null ? link
        : throw ApiException.Field("currency", $"has no rate to the site's currency for {link.CostDate} (currency_without_rate).");

    private static Link Find(SettingsSnapshot now, string slug) =>
        now.Links.TryGetValue(slug, out var link) ? link : throw new ApiException(ApiRefusal.UnknownLink, $"There is no link '{JsonText.Short(slug)}'.");

    private LinkView View(HttpContext http, Link link) => LinkView.Of(link, signer, address.Of(http));
}
