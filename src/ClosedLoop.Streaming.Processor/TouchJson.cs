using System.Text.Json;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Touches and traits as CONTRACT.md §4 and §5 show them.</summary>
public static class TouchJson
{
    /// <summary>{"at","channel","source","medium","campaign","evidence"}; what is absent is null.</summary>
    public static void Write(Utf8JsonWriter json, History part, short source, long atMs, ReadOnlySpan<byte> evidence)
    {
        json.WriteStartObject();
        WriteFields(json, part, source, atMs);
        json.WriteString("evidence"u8, evidence);
        json.WriteEndObject();
    }

    /// <summary>"at", "channel", "source", "medium", "campaign" of an object that is open.</summary>
    public static void WriteFields(Utf8JsonWriter json, History part, short source, long atMs)
    {
        Span<byte> at = stackalloc byte[TimeBytes];
        json.WriteString("at"u8, Time(atMs, at));
        json.WriteString("channel"u8, part.ChannelOf(source));
        Text(json, "source"u8, source < 0 ? "(direct)"u8 : part[part.Sources[source].Source]);
        Text(json, "medium"u8, source < 0 ? "(none)"u8 : part[part.Sources[source].Medium]);
        Text(json, "campaign"u8, source < 0 ? default : part[part.Sources[source].Campaign]);
    }

    /// <summary>An object of trait and value; of each the last by time.</summary>
    public static void WriteTraits(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in person.Parts)
            foreach (ref readonly var trait in part.Traits.Span)
            {
                var name = part[trait.Name];
                if (!written.Add(FactWriter.Text(name))) continue;
                var value = person.Trait(name);
                // Taken away with null.
                if (!value.IsEmpty) json.WriteString(name, value);
            }
        json.WriteEndObject();
    }

    // "2026-11-01T00:00:00.0000000Z": the runtime's own round-trip form is written much faster than any other.
    private const int TimeBytes = 28, MillisecondsEnd = 23;

    private static ReadOnlySpan<byte> Time(long atMs, Span<byte> text)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(atMs).UtcDateTime.TryFormat(text, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        text[MillisecondsEnd] = (byte)'Z';
        return text[..(MillisecondsEnd + 1)];
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) json.WriteNull(name);
        else json.WriteString(name, value);
    }
}
