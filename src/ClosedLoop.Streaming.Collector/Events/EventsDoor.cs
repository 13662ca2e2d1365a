using System.Buffers;
using System.Text.Json;
using ClosedLoop.Streaming.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary><c>POST /v1/events</c>: events from servers, CRM and imports, with a key (CONTRACT.md §3).</summary>
internal sealed class EventsDoor(DoorParts parts)
{
    public const string Name = "events";

    /// <summary>A request with this header comes from an import: its events are remembered for ever against repetition.</summary>
    public const string ImportHeader = "ClosedLoop-Import";

    private static readonly byte[] NameBytes = "events"u8.ToArray();

    private readonly EventKeys _keys = new(parts.Options, parts.Sites);
    private readonly EventJudge _judge = new(parts.Options, parts.Sites, parts.Rates);
    private readonly EventRecord _records = new(parts);

    public async Task HandleAsync(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var grant = _keys.Check(request.Headers.Authorization, out var refusal);
        if (grant.IsNone)
        {
            features.GetRequiredFeature<IHttpResponseFeature>().Headers.WWWAuthenticate = "Bearer";
            Answers.Refuse(features, refusal, "Send Authorization: Bearer with the site's write key or the admin key.");
            return;
        }
        try
        {
            using var body = await RequestBody.ReadAsync(features, parts.Options.BodyBytesMax).ConfigureAwait(false);
            if (body is null)
                Answers.Refuse(features, Refusal.BodyTooLarge, $"A body has at most {parts.Options.BodyBytesMax} bytes.");
            else
                await Take(features, body, grant, request.Headers[ImportHeader].Count > 0).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            Answers.Refuse(features, e.StatusCode, Refusal.NotJson.Name(), "The body ended early or was framed wrongly.");
        }
        catch (LogUnavailableException)
        {
            parts.Telemetry.Unavailable(Name);
            parts.Answers.Unavailable(features);
        }
    }

    private async Task Take(IFeatureCollection features, RequestBody body, KeyGrant grant, bool imported)
    {
        // read, decide
        var nowMs = parts.NowMs();
        var batch = new EventBatch(parts, _judge, _records, parts.Log.Partitions);
        var refusal = batch.Read(body.Span, grant, imported, nowMs);
        if (refusal != Refusal.None)
        {
            await parts.Refused.Append(grant.Site, NameBytes, refusal, refusal.Name(), body.Span, parts.Chance.NewHit(nowMs), nowMs).ConfigureAwait(false);
            Answers.Refuse(features, refusal, refusal == Refusal.TooDeep
                ? $"The JSON is nested deeper than {parts.Options.JsonDepthMax} levels." : "The body is not JSON: one event or an array of events.");
            return;
        }

        // append: every record first, then one wait for all of their groups
        foreach (var group in Append(batch)) await group.ConfigureAwait(false);

        // answer
        Count(batch, imported);
        Answer(features, batch);
    }

    private HashSet<Task> Append(EventBatch batch)
    {
        var groups = new HashSet<Task>();
        foreach (var record in batch.Records)
        {
            var appended = parts.Log.AppendTo(record.Partition, batch.Bytes(record));
            if (!appended.IsCompletedSuccessfully) groups.Add(appended);
            // What follows a refusal to append has no better chance.
            if (appended.IsFaulted) break;
        }
        return groups;
    }

    private void Count(EventBatch batch, bool imported)
    {
        foreach (var record in batch.Records)
            if (record.Accepted) record.Site!.CountAccepted(imported ? DoorIndex.Import : DoorIndex.Events);
        foreach (var refused in batch.Refused) parts.Telemetry.Refused(refused.Refusal);
        if (batch.Duplicates > 0) parts.Telemetry.Duplicates(batch.Duplicates);
    }

    private static void Answer(IFeatureCollection features, EventBatch batch)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteNumber("accepted", batch.Accepted);
            json.WriteNumber("duplicates", batch.Duplicates);
            json.WriteStartArray("refused");
            foreach (var refused in batch.Refused)
            {
                json.WriteStartObject();
                json.WriteNumber("index", refused.Index);
                json.WriteString("reason", refused.Refusal.Name());
                json.WriteString("detail", refused.Detail);
                if (refused.Field.Length > 0) json.WriteString("field", refused.Field);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        Answers.Body(features, 202, "application/json", body.WrittenSpan);
    }
}
