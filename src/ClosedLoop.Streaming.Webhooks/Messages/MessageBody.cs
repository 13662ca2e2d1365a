using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// The body of CONTRACT.md §5 as UTF-8 JSON. Bodies stay under <see cref="BytesMax"/>: when one would be larger, whole parts are left out
/// in the order of <see cref="Droppable"/> and named in <c>data.left_out</c>; JSON is never cut. Not safe for two threads.
/// </summary>
public sealed partial class MessageBody
{
    /// <summary>Bytes; Standard Webhooks asks for less than 20 KB.</summary>
    public const int BytesMax = 20_000;

    /// <summary>What is left out first when a body is too large: what receivers can most easily ask for afterwards.</summary>
    public static IReadOnlyList<string> Droppable { get; } =
        ["traits", "experiments", "measures", "first_touch", "page", "action", "reason", "external_id", "attribution"];

    // The shape is fixed by the code below and tested; checking it again for each message costs more than writing it.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private RecordReader _fact = null!;
    private int _dropped;
    private readonly Utf8JsonWriter _json;
    private readonly Func<ReadOnlyMemory<byte>, string?> _openEmail;

    /// <param name="openEmail">Opens a sealed address; null when it can't be opened.</param>
    public MessageBody(Func<ReadOnlyMemory<byte>, string?> openEmail)
    {
        _openEmail = openEmail;
        _json = new Utf8JsonWriter(_buffer, Format);
    }

    /// <param name="email">Include the person's e-mail address where it is known.</param>
    /// <param name="traits">Include what is known about the person.</param>
    public byte[] Write(RecordReader fact, string type, bool email, bool traits)
    {
        _fact = fact;
        for (_dropped = 0; ; _dropped++)
        {
            _buffer.ResetWrittenCount();
            _json.Reset();
            Message(type, email, traits);
            _json.Flush();
            if (_buffer.WrittenCount < BytesMax || _dropped == Droppable.Count) return _buffer.WrittenSpan.ToArray();
        }
    }

    private void Message(string type, bool email, bool traits)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        Time("timestamp", _fact.TimeMs);
        _json.WriteStartObject("data"u8);
        Person(type);
        if (type != MessageType.PersonErased)
        {
            Change(type);
            Cause();
            Text("stage", Field.Stage);
            Text("channel", Field.Channel);
            Raw("first_touch", Field.FirstTouch);
            Raw("measures", Field.Measures, none: "{}"u8);
            Raw("experiments", Field.Experiments, none: "{}"u8);
            Raw("action", Field.Action);
            if (email) _json.WriteString("email"u8, _fact.Has(Field.EmailSealed) ? _openEmail(_fact.Memory(Field.EmailSealed)) : null);
            if (traits) Raw("traits", Field.Traits);
        }
        LeftOut();
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Person(string type)
    {
        if (_fact.Has(Field.Sequence)) _json.WriteNumber("sequence"u8, _fact.Int(Field.Sequence));
        else _json.WriteNull("sequence"u8);
        _json.WriteString("site"u8, Encoding.UTF8.GetString(_fact.Site));
        PersonId("visitor_id", Field.VisitorId);
        PersonId("lead_id", Field.LeadId);
        if (type != MessageType.PersonErased) Text("external_id", Field.ExternalId);
    }

    private void Change(string type)
    {
        if (type == MessageType.DealAttributed)
        {
            Deal();
            return;
        }
        if (type == MessageType.StageChanged)
        {
            _json.WriteNull("segment"u8);
            Text("previous", Field.PreviousStage);
            _json.WriteNull("rule_version"u8);
            if (_fact.Has(Field.Reason)) Text("reason", Field.Reason);
            return;
        }
        Text("segment", Field.Segment);
        Text("previous", Field.Previous);
        if (_fact.Has(Field.RuleVersion)) _json.WriteNumber("rule_version"u8, _fact.Int(Field.RuleVersion));
        else _json.WriteNull("rule_version"u8);
    }

    private void Cause()
    {
        _json.WriteStartObject("cause"u8);
        Text("kind", Field.CauseKind);
        var id = _fact.IdOf(Field.CauseId);
        if (id == Id.None) _json.WriteNull("event_id"u8);
        else _json.WriteString("event_id"u8, id.ToString());
        Text("event", Field.CauseName);
        Time("at", _fact.Int(Field.CauseMs, _fact.TimeMs));
        Text("page", Field.CausePage);
        _json.WriteEndObject();
    }

    private void LeftOut()
    {
        if (_dropped == 0) return;
        _json.WriteStartArray("left_out"u8);
        for (var i = 0; i < _dropped; i++) _json.WriteStringValue(Droppable[i]);
        _json.WriteEndArray();
    }
}
