using System.Buffers;
using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>Reads <c>a=b&amp;c=d</c>. Hostile input costs no more than its length; nothing is thrown.</summary>
public static class QueryText
{
    /// <summary>Parameters that are looked at; a real address has fewer.</summary>
    public const int ParametersMax = 256;

    /// <summary>Takes the next parameter off the front of a query. False at its end.</summary>
    /// <param name="value">Still encoded; empty also when there was no equals sign.</param>
    public static bool Next(scoped ref ReadOnlySpan<byte> query, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (query.IsEmpty) return false;
        var end = query.IndexOf((byte)'&');
        var pair = end < 0 ? query : query[..end];
        query = end < 0 ? default : query[(end + 1)..];
        var equals = pair.IndexOf((byte)'=');
        name = equals < 0 ? pair : pair[..equals];
        value = equals < 0 ? default : pair[(equals + 1)..];
        // Tags written by hand into HTML often carry &amp; to the server as it stands.
        if (Bytes.StartsWith(name, "amp;"u8)) name = name[4..];
        return true;
    }

    /// <summary>The first value of a parameter that isn't empty, still encoded.</summary>
    /// <param name="lower">Name in lower case.</param>
    internal static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> query, scoped ReadOnlySpan<byte> lower)
    {
        for (var left = ParametersMax; left > 0 && Next(ref query, out var name, out var value); left--)
            if (!value.IsEmpty && Bytes.Same(name, lower)) return value;
        return default;
    }

    /// <summary>Percent and plus decoded. Gives the input back when there is nothing to decode; bytes that are no UTF-8 become U+FFFD, control characters spaces.</summary>
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> text) => IsPlain(text) ? text : Decode(text, new byte[text.Length]);

    /// <summary>As above, with room to work in; longer texts than it holds cost an array.</summary>
    internal static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (IsPlain(text)) return text;
        if (text.Length > room.Length) room = new byte[text.Length];
        ReadOnlySpan<byte> decoded = room[..Unescape(text, room)];
        return System.Text.Unicode.Utf8.IsValid(decoded) ? decoded : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(decoded));
    }

    /// <summary>Percent and plus decoded into <paramref name="destination"/>, which must be as long as the text; returns the bytes written.</summary>
    internal static int Unescape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var at = 0;
        for (var from = 0; from < text.Length; from++)
        {
            var b = text[from];
            if (b == '%' && from + 2 < text.Length && Hex(text[from + 1]) is >= 0 and var high && Hex(text[from + 2]) is >= 0 and var low)
            {
                b = (byte)((high << 4) | low);
                from += 2;
            }
            else if (b == '+') b = (byte)' ';
            destination[at++] = b is < 0x20 or 0x7F ? (byte)' ' : b;
        }
        return at;
    }

    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'%', (byte)'+', 0x7F, .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    internal static bool IsPlain(ReadOnlySpan<byte> text) => text.IndexOfAny(Special) < 0;

    internal static int Hex(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
