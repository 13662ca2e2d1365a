using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

public sealed partial class MessageBody
{
    /// <summary>Ids are text; sixteen raw bytes are shown as their 32 digits.</summary>
    private void PersonId(string name, Field field)
    {
        var bytes = _fact[field];
        if (bytes.IsEmpty) _json.WriteNull(name);
        else if (bytes.Length == Id.Bytes && bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~')) _json.WriteString(name, Id.Read(bytes).ToString());
        else _json.WriteString(name, _fact.Text(field));
    }

    private void Text(string name, Field field)
    {
        if (!_fact.Has(field) || Dropped(name)) _json.WriteNull(name);
        else _json.WriteString(name, _fact.Text(field));
    }

    /// <summary>The deal, what it is worth, and which touches it is credited to (<c>attribution</c>: the credit of each under every model).</summary>
    private void Deal()
    {
        Text("deal_id", Field.DealId);
        Text("change", Field.Change);
        _json.WriteNumber("revenue", Money.ToDecimal(_fact.Int(Field.Revenue)));
        _json.WriteNumber("previous_revenue", Money.ToDecimal(_fact.Int(Field.Amount)));
        if (_fact.Has(Field.GrossProfit)) _json.WriteNumber("gross_profit", Money.ToDecimal(_fact.Int(Field.GrossProfit)));
        else _json.WriteNull("gross_profit");
        Text("currency", Field.Currency);
        Time("won_at", _fact.Int(Field.OccurredMs, _fact.TimeMs));
        Raw("attribution", Field.Payload);
    }

    /// <summary>JSON of another room, written as it is when it is JSON and null otherwise: a body must always parse.</summary>
    /// <param name="none">What stands for an absent one; a map without entries is an empty map to its reader.</param>
    private void Raw(string name, Field field, ReadOnlySpan<byte> none = default)
    {
        _json.WritePropertyName(name);
        var value = _fact[field];
        if (value.IsEmpty) value = none;
        if (value.IsEmpty || Dropped(name) || !IsJson(value)) _json.WriteNullValue();
        else _json.WriteRawValue(value, skipInputValidation: true);
    }

    private static bool IsJson(ReadOnlySpan<byte> value)
    {
        if (!Utf8.IsValid(value)) return false;
        var reader = new Utf8JsonReader(value);
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException) { return false; }
    }

    private bool Dropped(string name)
    {
        for (var i = 0; i < _dropped; i++)
        {
            if (Droppable[i] == name) return true;
        }
        return false;
    }

    private void Time(string name, long ms)
    {
        // Outside of what a date can say (a damaged fact): the epoch, rather than no message.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(ms is < 0 or > 253_402_300_799_999 ? 0 : ms);
        _json.WriteString(name, at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}
