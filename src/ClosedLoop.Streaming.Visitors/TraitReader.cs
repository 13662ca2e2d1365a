using System.Text.Json;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>Reads flat traits of a JSON object into a history; the last value by (time, key) stands. Nested values are left to the archive.</summary>
internal static class TraitReader
{
    public static void Read(History history, ReadOnlySpan<byte> json, long at, ulong key)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
        Span<byte> name = stackalloc byte[Limits.TextBytesMax * 6];
        Span<byte> value = stackalloc byte[Limits.TextBytesMax * 6];
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var nameLength = Copy(ref reader, name);
                if (!reader.Read()) return;
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    reader.Skip();
                    continue;
                }
                var valueLength = Copy(ref reader, value);
                if (nameLength > 0) Keep(history, name[..nameLength], value[..valueLength], at, key);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate is valid JSON and no text; a record that was changed since the door may be anything. What was read so far stands.
        }
    }

    private static int Copy(ref Utf8JsonReader reader, scoped Span<byte> target)
    {
        if (reader.TokenType is JsonTokenType.Null) return 0;
        if (reader.ValueSpan.Length > target.Length) return CopyLong(ref reader, target);
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) return reader.CopyString(target);
        reader.ValueSpan.CopyTo(target);
        return reader.ValueSpan.Length;
    }

    // Absent means taken away, so what is too long is cut and not left out.
    private static int CopyLong(ref Utf8JsonReader reader, scoped Span<byte> target)
    {
        var text = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        text = Utf8Cut.To(text, target.Length);
        text.CopyTo(target);
        return text.Length;
    }

    private static void Keep(History history, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, long at, ulong key)
    {
        name = Utf8Cut.To(name, Limits.TextBytesMax);
        foreach (ref var trait in history.Traits.Span)
        {
            if (!history[trait.Name].SequenceEqual(name)) continue;
            if (trait.At > at || trait.At == at && trait.Key >= key) return;
            trait = new TraitValue(trait.Name, history.Keep(value), at, key);
            return;
        }
        if (history.Traits.Count == Limits.TraitsMax) history.Capped = true;
        else history.Traits.Add(new TraitValue(history.Keep(name), history.Keep(value), at, key));
    }
}
