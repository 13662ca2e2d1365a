using ClosedLoop.Streaming.Log;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// <c>GET|HEAD /i</c>: the path of a pixel hit, read → decide → append → answer. Works on the server's features alone, so that it runs
/// the same with and without the web framework in front.
/// </summary>
internal sealed class PixelDoor(DoorParts parts)
{
    public const string Name = "pixel";

    private static readonly byte[] NameBytes = "pixel"u8.ToArray();

    public Task HandleAsync(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        if (request.Method == "HEAD")
        {
            // FIELD.md §1: HEAD never counts as a hit.
            Answers.Pixel(features, null, head: true);
            return Task.CompletedTask;
        }

        // read
        var nowMs = parts.NowMs();
        var caller = parts.Callers.Read(request, features.Get<IHttpConnectionFeature>());
        var scratch = HitScratch.OfThisThread;
        scratch.Query.Parse(request.QueryString);
        var hit = new PixelHit(scratch.Query);

        // decide
        var id = parts.Chance.NewHit(nowMs);
        if (parts.Sites.Find(hit[PixelParam.Site]) is not { } site)
            return Refuse(features, in hit, null, Refusal.UnknownSite, "aid names no site; with more than one site it must be given.", id, nowMs);
        var pixelEvent = PixelEvent.Read(in hit, site, scratch);
        if (pixelEvent.Refusal != Refusal.None)
            return Refuse(features, in hit, site, pixelEvent.Refusal, pixelEvent.Detail, id, nowMs);
        var permission = CallerReader.Permits(in caller, site.Site);
        if (!permission.Tracks)
            return Confirm(features, site, parts.Totals.Append(site, NameBytes, pixelEvent.Name, permission.Reason!, id, nowMs), null);
        var visitor = caller.HasCookie ? caller.Cookie.Visitor : parts.Chance.NewVisitor();
        var refusal = parts.PixelRecords.Write(scratch.Record, in hit, in pixelEvent, in caller, permission, site, visitor, id, nowMs);
        if (refusal != Refusal.None)
            return Refuse(features, in hit, site, refusal, parts.PixelRecords.Detail(refusal, in hit, site, nowMs), id, nowMs);

        // append
        Span<byte> key = stackalloc byte[HitFields.VisitorKeyBytes];
        HitFields.VisitorKey(visitor, key);
        var appended = parts.Log.Append(scratch.Record.Written, site.IdBytes, key);

        // answer
        return Confirm(features, site, appended, parts.CookieFor(in caller, visitor, nowMs));
    }

    /// <summary>Kept with its reason; a tag on somebody's page still gets its picture, whatever was wrong with the parameters.</summary>
    private Task Refuse(IFeatureCollection features, in PixelHit hit, DoorSite? site, Refusal refusal, string detail, Id id, long nowMs)
    {
        var scratch = HitScratch.OfThisThread;
        hit.WriteAll(scratch.BeginJson(), site);
        var appended = parts.Refused.Append(site, NameBytes, refusal, detail, scratch.JsonBytes, id, nowMs);
        return Confirm(features, null, appended, null);
    }

    private Task Confirm(IFeatureCollection features, DoorSite? counted, Task appended, string? setCookie)
    {
        if (!appended.IsCompletedSuccessfully) return WhenDurable(features, counted, appended, setCookie);
        Yes(features, counted, setCookie);
        return Task.CompletedTask;
    }

    private async Task WhenDurable(IFeatureCollection features, DoorSite? counted, Task appended, string? setCookie)
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
        Yes(features, counted, setCookie);
    }

    private static void Yes(IFeatureCollection features, DoorSite? counted, string? setCookie)
    {
        counted?.CountAccepted(DoorIndex.Pixel);
        Answers.Pixel(features, setCookie);
    }
}
