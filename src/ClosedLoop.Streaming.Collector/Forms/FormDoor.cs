using ClosedLoop.Streaming.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary><c>POST /f/{site}</c>: a plain HTML form ties the cookie's history to a person, then sends the browser on with 303.</summary>
internal sealed class FormDoor(DoorParts parts)
{
    public const string Name = "form";

    private static readonly byte[] NameBytes = "form"u8.ToArray();

    public async Task HandleAsync(IFeatureCollection features, string siteName)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        try
        {
            // read
            using var body = await RequestBody.ReadAsync(features, parts.Options.FormBytesMax).ConfigureAwait(false);
            if (body is null)
            {
                Answers.Refuse(features, Refusal.BodyTooLarge, $"A form has at most {parts.Options.FormBytesMax} bytes.");
                return;
            }
            var (refusal, fields) = await FormFields.ReadAsync(body, request.Headers.ContentType).ConfigureAwait(false);

            // decide, append, answer
            if (parts.Sites.Find(siteName.AsSpan()) is not { } site)
                await Refuse(features, null, Refusal.UnknownSite, 404, "There is no site of this name.", fields, body).ConfigureAwait(false);
            else if (refusal == Refusal.MediaType)
                Answers.Refuse(features, refusal, "A form is application/x-www-form-urlencoded or multipart/form-data.");
            else if (refusal != Refusal.None)
                await Refuse(features, site, refusal, 400, "The form's body can't be read.", fields, body).ConfigureAwait(false);
            else
                await Accept(features, request, site, fields, body).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            Answers.Refuse(features, e.StatusCode, Refusal.BadForm.Name(), "The body ended early or was framed wrongly.");
        }
        catch (LogUnavailableException)
        {
            parts.Telemetry.Unavailable(Name);
            parts.Answers.Unavailable(features);
        }
    }

    private async Task Accept(IFeatureCollection features, IHttpRequestFeature request, DoorSite site, FormFields fields, RequestBody body)
    {
        var sent = SentForm.Read(fields, out var refusal, out var detail);
        if (refusal != Refusal.None)
        {
            await Refuse(features, site, refusal, 400, detail, fields, body).ConfigureAwait(false);
            return;
        }
        var nowMs = parts.NowMs();
        var caller = parts.Callers.Read(request, features.Get<IHttpConnectionFeature>());
        var permission = CallerReader.Permits(in caller, site.Site);
        var visitor = !permission.Tracks ? Id.None : caller.HasCookie ? caller.Cookie.Visitor : parts.Chance.NewVisitor();
        await Append(site, fields, sent, caller, permission, visitor, nowMs).ConfigureAwait(false);
        site.CountAccepted(DoorIndex.Form);
        Answers.Redirect(features, 303, ReturnTarget.Resolve(fields["return"], site, request, in caller),
            permission.Tracks ? parts.CookieFor(in caller, visitor, nowMs) : null);
    }

    private Task Append(DoorSite site, FormFields fields, SentForm sent, in Caller caller, Permission permission, Id visitor, long nowMs)
    {
        var scratch = HitScratch.OfThisThread;
        var key = FormRecord.Write(scratch, parts, site, fields, sent, in caller, permission, visitor, parts.Chance.NewHit(nowMs), nowMs);
        return parts.Log.Append(scratch.Record.Written, site.IdBytes, key);
    }

    private async Task Refuse(IFeatureCollection features, DoorSite? site, Refusal refusal, int status, string detail, FormFields fields, RequestBody body)
    {
        var nowMs = parts.NowMs();
        // What was read is kept field by field, without what must not be stored; what could not be read at all as it came.
        var payload = fields.All.Count > 0 ? fields.ToJson(site ?? DoorSite.Unknown) : body.Memory;
        await parts.Refused.Append(site, NameBytes, refusal, detail, payload.Span, parts.Chance.NewHit(nowMs), nowMs).ConfigureAwait(false);
        Answers.Refuse(features, status, refusal.Name(), detail);
    }
}
