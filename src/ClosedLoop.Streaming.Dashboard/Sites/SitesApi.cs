using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/v1/sites</c>: what a site is called, counts in and keeps; its keys.</summary>
internal sealed class SitesApi(SettingsStore settings, RulesPublisher publisher, Keyring keyring, DashboardOptions options, DashboardTelemetry telemetry)
{
    public void Map(RouteGroupBuilder routes)
    {
        routes.WithTags("Sites");
        routes.MapGet("", List).Says<SiteView[]>("listSites", "All sites, with their keys");
        routes.MapGet("/{id}", Get).Says<SiteView>("getSite", "One site, by id or alias");
        routes.MapPost("", (Delegate)Create).Takes<SiteBody>().Says<SiteView>("createSite", "Adds a site and makes its keys", 201);
        routes.MapPatch("", (Delegate)ChangeNamed).Takes<SiteBody>().Says<SiteView>("changeSite", "Changes the named fields of the site whose id the body has");
        routes.MapPatch("/{id}", (HttpContext http, string id) => Change(http, id)).Takes<SiteBody>().Says<SiteView>("changeSiteById", "Changes the named fields of a site");
        routes.MapPost("/{id}/keys", Rotate).Takes<KeysBody>().Says<SiteView>("rotateSiteKeys", "Makes new keys; the old ones end at once");
    }

    private IResult List() => ApiJson.Answer(settings.Current.Sites.Values.OrderBy(s => s.Id, StringComparer.Ordinal).Select(s => SiteView.Of(s, keyring)).ToArray());

    private IResult Get(string id) => ApiJson.Answer(SiteView.Of(Checks.Site(settings.Current, id), keyring));

    private async Task<IResult> Create(HttpContext http)
    {
        var given = await Given<SiteBody>.ReadAsync(http, options);
        var id = Checks.Name("id", given.Value.Id);
        await settings.UpdateAsync(now =>
        {
            if (now.SitesByName.TryGetValue(id, out var other))
                throw new ApiException(ApiRefusal.Taken, other.Id == id ? $"There is a site '{id}' already." : $"'{id}' is an alias of the site '{other.Id}'.");
            if (now.Sites.Count >= options.SitesMax) throw new ApiException(ApiRefusal.LimitReached, $"There are {now.Sites.Count} sites; at most {options.SitesMax} are allowed.");
            return new SettingsChange { Site = SiteKeys.WithNewKeys(SiteForm.Apply(new Site { Id = id }, given, now), keyring) };
        });
        http.Response.Headers.Location = "/v1/sites/" + id;
        return await Published(id, 201);
    }

    private Task<IResult> ChangeNamed(HttpContext http) => Change(http, null);

    private async Task<IResult> Change(HttpContext http, string? id)
    {
        var given = await Given<SiteBody>.ReadAsync(http, options);
        if (id is not null && given.Has("id") && given.Value.Id != id) throw ApiException.Field("id", "can't be changed; add another site instead.");
        id ??= Checks.Name("id", given.Value.Id);
        await settings.UpdateAsync(now =>
        {
            if (!now.Sites.TryGetValue(id, out var old)) throw new ApiException(ApiRefusal.UnknownSite, $"There is no site '{JsonText.Short(id)}'.");
            var site = SiteForm.Apply(old, given, now);
            return new SettingsChange { Site = site };
        });
        return await Published(id, 200);
    }

    private async Task<IResult> Rotate(HttpContext http, string id)
    {
        var body = (await Given<KeysBody>.ReadAsync(http, options, emptyToo: true)).Value;
        var both = body is { Write: null, Report: null };
        await settings.UpdateAsync(now =>
        {
            if (!now.Sites.TryGetValue(id, out var old)) throw new ApiException(ApiRefusal.UnknownSite, $"There is no site '{JsonText.Short(id)}'.");
            var fresh = SiteKeys.WithNewKeys(old, keyring);
            if (!both && body.Write != true) fresh = fresh with { WriteKeySha256 = old.WriteKeySha256, WriteKeySealed = old.WriteKeySealed };
            if (!both && body.Report != true) fresh = fresh with { ReportKeySha256 = old.ReportKeySha256, ReportKeySealed = old.ReportKeySealed };
            return new SettingsChange { Site = fresh };
        });
        return await Published(id, 200);
    }

    private async Task<IResult> Published(string id, int status)
    {
        telemetry.Changed("site");
        // Whoever asked may be gone; the partitions are told all the same.
        await publisher.PublishAsync(CancellationToken.None);
        return ApiJson.Answer(SiteView.Of(settings.Current.Sites[id], keyring), status);
    }
}
