using System.Text;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// <c>GET|HEAD /r/{slug}</c> and <c>/r?u=…&amp;s=…</c>: records the click with the link's campaign, then redirects to exactly the stored or signed
/// target. Anything else is an error page and never a redirect.
/// </summary>
internal sealed class RedirectDoor(DoorParts parts)
{
    public const string Name = "redirect";

    private static readonly byte[] NameBytes = "redirect"u8.ToArray();

    private readonly LinkSigner _signer = new(parts.Keyring.LinkKey);

    public Task Stored(IFeatureCollection features, string slug)
    {
        if (!parts.Settings.Current.Links.TryGetValue(slug, out var link)
            || parts.Sites.Find(link.Site) is not { } site || !SafeTarget.TryAbsolute(link.Url, out var location))
            return Refuse(features, Refusal.UnknownLink, "There is no link of this name.", slug);
        return Follow(features, new Click(site, location, link, Requested(features)));
    }

    public Task Signed(IFeatureCollection features)
    {
        var query = HitScratch.OfThisThread.Query;
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        query.Parse(request.QueryString);
        var link = new SignedLink(Last(query, "u"u8) ?? "")
        {
            Site = Last(query, "aid"u8), Source = Last(query, "utm_source"u8), Medium = Last(query, "utm_medium"u8),
            Campaign = Last(query, "utm_campaign"u8), Term = Last(query, "utm_term"u8), Content = Last(query, "utm_content"u8),
            Channel = Last(query, "channel"u8),
        };
        if (!_signer.Verifies(link, Encoding.UTF8.GetBytes(Last(query, "s"u8) ?? "")))
            return Refuse(features, Refusal.BadSignature, "The link is not signed, or was changed after it was signed.", request.QueryString);
        if (!SafeTarget.TryAbsolute(link.Url, out var location))
            return Refuse(features, Refusal.BadTarget, "The link does not point to an http or https address.", request.QueryString);
        if (parts.Sites.Find(link.Site.AsSpan()) is not { } site)
            return Refuse(features, Refusal.BadTarget, "The link's site does not exist.", request.QueryString);
        return Follow(features, new Click(site, location, new Link
        {
            Slug = "", Site = site.Site.Id, Url = link.Url, Source = link.Source, Medium = link.Medium, Campaign = link.Campaign,
            Term = link.Term, Content = link.Content, Channel = link.Channel,
        }, Requested(features)));
    }

    private Task Follow(IFeatureCollection features, Click click)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        if (request.Method == "HEAD")
        {
            Answers.Redirect(features, 302, click.Location);
            return Task.CompletedTask;
        }
        var nowMs = parts.NowMs();
        var caller = parts.Callers.Read(request, features.Get<IHttpConnectionFeature>());
        var permission = CallerReader.Permits(in caller, click.Site.Site);
        var id = parts.Chance.NewHit(nowMs);
        // Of somebody who opted out the click is still processed, as that act alone: under the hit's own id, which nothing else will ever carry.
        var visitor = !permission.Tracks ? id : caller.HasCookie ? caller.Cookie.Visitor : parts.Chance.NewVisitor();
        var scratch = HitScratch.OfThisThread;
        Span<byte> key = stackalloc byte[HitFields.VisitorKeyBytes];
        HitFields.VisitorKey(visitor, key);
        ClickRecord.Write(scratch, parts.Fields, click, in caller, permission, key, id, nowMs);
        var appended = parts.Log.Append(scratch.Record.Written, click.Site.IdBytes, key);
        return Confirm(features, click, appended, permission.Tracks ? parts.CookieFor(in caller, visitor, nowMs) : null);
    }

    private async Task Confirm(IFeatureCollection features, Click click, Task appended, string? setCookie)
    {
        try
        {
            await appended.ConfigureAwait(false);
        }
        catch (LogUnavailableException)
        {
            parts.Telemetry.Unavailable(Name);
            parts.Answers.Unavailable(features);
            return;
        }
        click.Site.CountAccepted(DoorIndex.Redirect);
        Answers.Redirect(features, 302, click.Location, setCookie);
    }

    private async Task Refuse(IFeatureCollection features, Refusal refusal, string message, string payload)
    {
        var nowMs = parts.NowMs();
        try
        {
            await parts.Refused.Append(null, NameBytes, refusal, message, Encoding.UTF8.GetBytes(payload), parts.Chance.NewHit(nowMs), nowMs).ConfigureAwait(false);
        }
        catch (LogUnavailableException)
        {
            parts.Telemetry.Unavailable(Name);
            parts.Answers.Unavailable(features);
            return;
        }
        Answers.Refuse(features, refusal, message);
    }

    private static string Requested(IFeatureCollection features) =>
        "http://link/" + features.GetRequiredFeature<IHttpRequestFeature>().QueryString;

    private static string? Last(QueryFields query, ReadOnlySpan<byte> name)
    {
        for (var i = query.Count - 1; i >= 0; i--)
            if (query.Name(i).SequenceEqual(name)) return query.Value(i).IsEmpty ? null : Encoding.UTF8.GetString(query.Value(i));
        return null;
    }
}
