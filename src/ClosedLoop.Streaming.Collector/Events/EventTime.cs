using System.Text.Json;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Moments as senders write them: ISO 8601, or with a blank for the T; without a zone it is UTC.</summary>
internal static class EventTime
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long ms)
    {
        ms = 0;
        if (text.Length is < 10 or > 40) return false;
        Span<byte> quoted = stackalloc byte[42];
        quoted[0] = quoted[text.Length + 1] = (byte)'"';
        text.CopyTo(quoted[1..]);
        if (text.IndexOfAny((byte)'"', (byte)'\\') >= 0) return false;
        // Databases write a blank where ISO 8601 has a T.
        if (text.Length > 10 && quoted[11] == ' ') quoted[11] = (byte)'T';
        var reader = new Utf8JsonReader(quoted[..(text.Length + 2)]);
        try
        {
            if (!reader.Read() || !reader.TryGetDateTime(out var time)) return false;
            var utc = time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
            ms = new DateTimeOffset(utc).ToUnixTimeMilliseconds();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
