using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace ClosedLoop.Streaming.Collector;

/// <summary>A refused event of a request: which, why, and the path of the member that is wrong (empty: the event as a whole).</summary>
internal readonly record struct RefusedEvent(int Index, Refusal Refusal, string Detail, string Field);

/// <summary>One record of a batch, in the batch's buffer.</summary>
internal readonly record struct BatchRecord(DoorSite? Site, Slice Record, int Partition, bool Accepted);

/// <summary>
/// The events of one body, understood: the records to append and what was refused. Nothing is appended before the whole body
/// has been read, because half of a broken body is no answer.
/// </summary>
internal sealed class EventBatch(DoorParts parts, EventJudge judge, EventRecord records, int partitions)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly HashSet<Id> _seen = [];
    private readonly EventDraft _draft = new();
    private bool _imported;

    public List<BatchRecord> Records { get; } = [];
    public List<RefusedEvent> Refused { get; } = [];
    public int Accepted { get; private set; }
    public int Duplicates { get; private set; }

    public ReadOnlySpan<byte> Bytes(BatchRecord record) => _buffer.WrittenSpan.Slice(record.Record.Start, record.Record.Length);

    /// <returns>NotJson or TooDeep when the body as a whole can't be read; None otherwise.</returns>
    public Refusal Read(ReadOnlySpan<byte> body, KeyGrant grant, bool imported, long nowMs)
    {
        _imported = imported;
        // The reader itself doesn't look at the bytes inside a text.
        if (!Utf8.IsValid(body)) return Refusal.NotJson;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = parts.Options.JsonDepthMax });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) One(ref reader, body, 0, grant, imported, nowMs);
            else
                for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                    One(ref reader, body, index, grant, imported, nowMs);
            // Whatever follows the value makes it no JSON, and only reading on finds it.
            while (reader.Read())
            {
            }
            return Refusal.None;
        }
        catch (JsonException)
        {
            return IsTooDeep(body) ? Refusal.TooDeep : Refusal.NotJson;
        }
    }

    /// <summary>Whether a deeper reader gets further: then only the depth was wrong. One level more is enough to know.</summary>
    private bool IsTooDeep(ReadOnlySpan<byte> body)
    {
        var limit = parts.Options.JsonDepthMax;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = limit + 1 });
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth > limit || reader.CurrentDepth == limit && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) return true;
        }
        catch (JsonException)
        {
            // Broken before it was deep.
        }
        return false;
    }

    private void One(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, int index, KeyGrant grant, bool imported, long nowMs)
    {
        var start = reader;
        var from = (int)reader.TokenStartIndex;
        _draft.Clear();
        try
        {
            if (reader.TokenType == JsonTokenType.StartObject) EventReader.Read(ref reader, _draft);
            else reader.Skip();
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is JSON but no text.
            reader = start;
            reader.Skip();
            Refuse(index, null, Refusal.BadText, "A text holds half of a surrogate pair.", body[from..(int)reader.BytesConsumed], nowMs);
            return;
        }
        var raw = body[from..(int)reader.BytesConsumed];
        if (index >= parts.Options.BatchEventsMax)
            Refuse(index, null, Refusal.TooManyEvents, $"A request has at most {parts.Options.BatchEventsMax} events.", raw, nowMs);
        else if (imported && _draft[EventMember.MalformedLine] == Given.Text)
            Refuse(index, judge.SiteOf(_draft, grant), Refusal.MalformedLine, "A line of an imported file could not be read.", _draft.Text(EventMember.MalformedLine), nowMs);
        else
            Judge(index, body, raw, grant, imported, nowMs);
    }

    private void Judge(int index, ReadOnlySpan<byte> body, ReadOnlySpan<byte> raw, KeyGrant grant, bool imported, long nowMs)
    {
        var judged = judge.Judge(_draft, grant, nowMs);
        if (judged.Refusal != Refusal.None)
        {
            Refuse(index, judged.Site ?? grant.Site, judged.Refusal, judged.Detail, raw, nowMs, judged.Field);
            return;
        }
        var record = HitScratch.OfThisThread.Record;
        byte[] key;
        try
        {
            key = records.Write(record, _draft, body, in judged, imported, parts.Chance.NewHit(nowMs), nowMs);
        }
        catch (RecordTooLargeException)
        {
            Refuse(index, judged.Site, Refusal.RecordTooLarge, "The event is longer than 256 KiB.", raw, nowMs);
            return;
        }
        if (IsRepeated(judged.Site, key))
        {
            Duplicates++;
            return;
        }
        Keep(judged.Site, record.Written, Partitioning.Of(judged.Site.IdBytes, key, partitions), accepted: true);
        Accepted++;
    }

    /// <summary>The same event_id of the same person again in this request; the owner finds those of other requests.</summary>
    private bool IsRepeated(DoorSite site, ReadOnlySpan<byte> key)
    {
        var eventId = _draft.Text(EventMember.EventId);
        if (eventId.IsEmpty) return false;
        Span<byte> whole = stackalloc byte[site.IdBytes.Length + key.Length + eventId.Length + 2];
        site.IdBytes.CopyTo(whole);
        whole[site.IdBytes.Length] = 0;
        key.CopyTo(whole[(site.IdBytes.Length + 1)..]);
        whole[site.IdBytes.Length + 1 + key.Length] = 0;
        eventId.CopyTo(whole[(site.IdBytes.Length + key.Length + 2)..]);
        return !_seen.Add(Id.OfBytes(whole));
    }

    private void Refuse(int index, DoorSite? site, Refusal refusal, string detail, ReadOnlySpan<byte> raw, long nowMs, string field = "")
    {
        Refused.Add(new RefusedEvent(index, refusal, detail, field));
        if (field.Length > 0) detail = $"{field}: {detail}";
        var id = parts.Chance.NewHit(nowMs);
        var record = HitScratch.OfThisThread.Record;
        parts.Refused.Write(record, site, "events"u8, refusal, detail, raw, id, nowMs, _draft.Text(EventMember.Phone));
        // A line of a file that comes again must meet the partition that knows it.
        var line = _imported && refusal != Refusal.BadEventId ? _draft.Text(EventMember.EventId) : default;
        Span<byte> spread = stackalloc byte[Id.Bytes];
        id.Write(spread);
        if (!line.IsEmpty)
        {
            record.Add(Field.EventId, line);
            Id.OfBytes(line).Write(spread);
        }
        Keep(site, record.Written, Partitioning.Of(site is null ? default : site.IdBytes, spread, partitions), accepted: false);
    }

    private void Keep(DoorSite? site, ReadOnlySpan<byte> record, int partition, bool accepted)
    {
        Records.Add(new BatchRecord(site, new Slice(_buffer.WrittenCount, record.Length), partition, accepted));
        _buffer.Write(record);
    }
}
