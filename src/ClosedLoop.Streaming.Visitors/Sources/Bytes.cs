using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>ASCII comparisons on UTF-8 without case and without allocation.</summary>
internal static class Bytes
{
    public static byte Fold(byte b) => (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;

    /// <param name="lower">Must be lower case already.</param>
    public static bool Same(ReadOnlySpan<byte> any, ReadOnlySpan<byte> lower) =>
        any.Length == lower.Length && Ascii.EqualsIgnoreCase(any, lower);

    public static bool StartsWith(ReadOnlySpan<byte> any, ReadOnlySpan<byte> lower) =>
        any.Length >= lower.Length && Ascii.EqualsIgnoreCase(any[..lower.Length], lower);

    public static bool EndsWith(ReadOnlySpan<byte> any, ReadOnlySpan<byte> lower) =>
        any.Length >= lower.Length && Ascii.EqualsIgnoreCase(any[^lower.Length..], lower);

    public static bool Contains(ReadOnlySpan<byte> any, ReadOnlySpan<byte> lower) => IndexOf(any, lower) >= 0;

    public static int IndexOf(ReadOnlySpan<byte> any, ReadOnlySpan<byte> lower)
    {
        for (var at = 0; at + lower.Length <= any.Length; at++)
            if (Fold(any[at]) == lower[0] && Ascii.EqualsIgnoreCase(any.Slice(at, lower.Length), lower)) return at;
        return -1;
    }

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> any) => any.TrimStart(" \t\r\n"u8).TrimEnd(" \t\r\n"u8);

    public static bool IsLetter(byte b) => (uint)((b | 0x20) - 'a') <= 'z' - 'a';

    /// <summary>Cuts at most <paramref name="max"/> bytes without splitting a character.</summary>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, int max)
    {
        if (text.Length <= max) return text;
        while (max > 0 && (text[max] & 0xC0) == 0x80) max--;
        return text[..max];
    }
}
