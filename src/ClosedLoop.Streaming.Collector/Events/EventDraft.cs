using System.Text.Json;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What kind of JSON value a member had.</summary>
internal enum Given : byte { Absent, Text, Number, Boolean, Object, Array }

/// <summary>Which object of an event a member stands in.</summary>
internal enum Part : byte { Top, Lead, Campaign, Properties }

/// <summary>
/// One event of a body while it is judged: where each member stands. Text is unescaped into a buffer of the draft; everything else stays a slice of the body.
/// Reused from event to event.
/// </summary>
internal sealed class EventDraft
{
    /// <summary>Members at the top that are none of ours and are kept among the properties; further ones are left out.</summary>
    public const int ExtrasMax = 64;

    private readonly Given[] _given = new Given[(int)EventMember.Count];
    private readonly Slice[] _slices = new Slice[(int)EventMember.Count];
    private readonly Part[] _parts = new Part[(int)EventMember.Count];
    private readonly Slice[] _extras = new Slice[ExtrasMax];
    private byte[] _text = new byte[4096];
    private int _textLength;

    public ItemTotals Items { get; } = new();
    public int ExtrasCount { get; private set; }
    /// <summary>Set while reading, when the event can't be accepted whatever else it holds.</summary>
    public Refusal Refusal { get; private set; }
    public string Detail { get; private set; } = "";
    public string Field { get; private set; } = "";
    /// <summary>Inside of which object the reader is, while it reads.</summary>
    public Part Within { get; set; }

    public void Clear()
    {
        Array.Clear(_given);
        _textLength = ExtrasCount = 0;
        Refusal = Refusal.None;
        Detail = Field = "";
        Within = Part.Top;
        Items.Clear();
    }

    public Given this[EventMember member] => _given[(int)member];

    public bool Has(EventMember member) => _given[(int)member] != Given.Absent;

    /// <summary>Text, unescaped, or the digits of a number: an order 17 is order "17". Empty when absent or of another kind.</summary>
    public ReadOnlySpan<byte> Text(EventMember member) => _given[(int)member] is Given.Text or Given.Number
        ? _text.AsSpan(_slices[(int)member].Start, _slices[(int)member].Length) : default;

    /// <summary>Where an object or array stands in the body, brackets included; empty when absent or of another kind.</summary>
    public Slice Raw(EventMember member) => _given[(int)member] is Given.Object or Given.Array ? _slices[(int)member] : default;

    /// <summary>A text that stands in one place counts as if it stood in another.</summary>
    public void Promote(EventMember from, EventMember to) =>
        (_given[(int)to], _slices[(int)to], _parts[(int)to]) = (_given[(int)from], _slices[(int)from], _parts[(int)from]);

    public Slice Extra(int i) => _extras[i];

    public void Refuse(Refusal refusal, string detail, string field)
    {
        if (Refusal != Refusal.None) return;
        (Refusal, Detail, Field) = (refusal, detail, field);
    }

    /// <summary>Where a member stands in the event: properties.score, lead.email; its name alone when it was not given.</summary>
    public string PathOf(EventMember member)
    {
        var name = EventMembers.Name(member);
        return Has(member) ? _parts[(int)member] switch
        {
            Part.Lead => "lead." + name,
            Part.Campaign => "campaign." + name,
            Part.Properties => "properties." + name,
            _ => name,
        } : name;
    }

    /// <summary>Of items given twice only the last count, as with every other member.</summary>
    public void ReadItems(ref Utf8JsonReader reader)
    {
        Items.Clear();
        Items.Read(ref reader);
    }

    public void KeepExtra(int start, int end)
    {
        if (ExtrasCount < ExtrasMax) _extras[ExtrasCount++] = new Slice(start, end - start);
    }

    public void KeepRaw(EventMember member, Given given, int start, int end)
    {
        _parts[(int)member] = Within;
        _given[(int)member] = given;
        _slices[(int)member] = new Slice(start, end - start);
    }

    /// <summary>Keeps a text, number, boolean or null (null is absent).</summary>
    public void KeepValue(EventMember member, ref Utf8JsonReader reader)
    {
        _parts[(int)member] = Within;
        _given[(int)member] = reader.TokenType switch
        {
            JsonTokenType.String => Given.Text,
            JsonTokenType.Number => Given.Number,
            JsonTokenType.True or JsonTokenType.False => Given.Boolean,
            _ => Given.Absent,
        };
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) return;
        if (_text.Length - _textLength < reader.ValueSpan.Length)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + reader.ValueSpan.Length));
        var target = _text.AsSpan(_textLength);
        int length;
        if (reader.TokenType == JsonTokenType.String) length = reader.CopyString(target);
        else reader.ValueSpan.CopyTo(target[..(length = reader.ValueSpan.Length)]);
        _slices[(int)member] = new Slice(_textLength, length);
        _textLength += length;
    }
}
