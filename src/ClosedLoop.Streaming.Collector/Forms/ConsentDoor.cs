using ClosedLoop.Streaming.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary><c>POST /c/{site}</c>: what a visitor says about being counted, kept in the visitor's own browser. A no takes the visitor's cookie back at once.</summary>
internal sealed class ConsentDoor(DoorParts parts)
{
    public const string Name = "consent";

    private static readonly byte[] NameBytes = "consent"u8.ToArray();

    public async Task HandleAsync(IFeatureCollection features, string siteName)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(features, parts.Options.FormBytesMax).ConfigureAwait(false);
            if (body is null)
            {
                Answers.Refuse(features, Refusal.BodyTooLarge, $"A form has at most {parts.Options.FormBytesMax} bytes.");
                return;
            }
            var request = features.GetRequiredFeature<IHttpRequestFeature>();
            var (refusal, fields) = await FormFields.ReadAsync(body, request.Headers.ContentType).ConfigureAwait(false);
            if (refusal == Refusal.MediaType)
                Answers.Refuse(features, refusal, "A form is application/x-www-form-urlencoded or multipart/form-data.");
            else if (parts.Sites.Find(siteName.AsSpan()) is not { } site)
                Answers.Refuse(features, 404, Refusal.UnknownSite.Name(), "There is no site of this name.");
            else if (refusal != Refusal.None || ChoiceOf(fields) is not { } choice)
                Answers.Refuse(features, Refusal.BadChoice, "choice is accept or deny.");
            else
                await Keep(features, request, site, fields, choice).ConfigureAwait(false);
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

    private static Choice? ChoiceOf(FormFields fields) => fields["choice"] switch
    {
        "accept" => Choice.Accepted,
        "deny" => Choice.Denied,
        _ => null,
    };

    private async Task Keep(IFeatureCollection features, IHttpRequestFeature request, DoorSite site, FormFields fields, Choice choice)
    {
        var nowMs = parts.NowMs();
        var caller = parts.Callers.Read(request, features.Get<IHttpConnectionFeature>());
        var id = parts.Chance.NewHit(nowMs);
        var consent = parts.Cookies.Consent(ConsentCookie.With(request.Headers.Cookie, caller.Secure, site.Site.Id, choice), caller.Secure);
        // A signal of the browser stands above a click on "accept": then the choice is remembered, and still nothing is kept.
        var signal = caller.GlobalPrivacyControl ? "gpc" : caller.DoNotTrack && site.Site.HonourDoNotTrack ? "dnt" : caller.Anonymous ? "anonymous" : null;
        string? visitorCookie;
        if (choice == Choice.Denied || signal is not null)
        {
            visitorCookie = choice == Choice.Denied ? CookieWriter.Forget(caller.Secure) : null;
            await parts.Totals.Append(site, NameBytes, NameBytes, signal ?? "consent", id, nowMs).ConfigureAwait(false);
        }
        else
        {
            var visitor = caller.HasCookie ? caller.Cookie.Visitor : parts.Chance.NewVisitor();
            visitorCookie = parts.CookieFor(in caller, visitor, nowMs);
            await Append(site, caller, visitor, id, nowMs).ConfigureAwait(false);
        }
        site.CountAccepted(DoorIndex.Consent);
        Answers.Redirect(features, 303, ReturnTarget.Resolve(fields["return"], site, request, in caller), consent, visitorCookie);
    }

    private Task Append(DoorSite site, in Caller caller, Id visitor, Id id, long nowMs)
    {
        var record = HitScratch.OfThisThread.Record;
        Span<byte> key = stackalloc byte[HitFields.VisitorKeyBytes];
        HitFields.VisitorKey(visitor, key);
        var flags = caller.HasCookie ? EventFlags.None : EventFlags.NewCookie;
        record.Begin(RecordKind.Event, nowMs, id, site.IdBytes, key)
            .Add(Field.Name, NameBytes).Add(Field.Door, NameBytes).Add(Field.VisitorId, key[1..]);
        parts.Fields.WriteCaller(record, in caller, given: true, ref flags);
        if (flags != EventFlags.None) record.Add(Field.Flags, (long)flags);
        return parts.Log.Append(record.Written, site.IdBytes, key);
    }
}
