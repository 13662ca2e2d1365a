using System.Buffers;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Takes people's addresses out of what a refused hit keeps: a refused event may name somebody who later asks to be forgotten, and nobody could find
/// them there. Same length, so that the rest stays where it was.
/// </summary>
internal static class PayloadMask
{
    private static readonly SearchValues<byte> OfAddress =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.!#$*/?^_`|~+-"u8);

    /// <summary>Whatever stands around an at sign, plain, percent-encoded or escaped as JSON does, becomes asterisks.</summary>
    public static void Addresses(Span<byte> payload)
    {
        Around(payload, "@"u8);
        Around(payload, "%40"u8);
        Around(payload, "\\u0040"u8);
    }

    /// <summary>Every occurrence of a text becomes asterisks.</summary>
    public static void Each(Span<byte> payload, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return;
        for (var at = payload.IndexOf(text); at >= 0; at = payload.IndexOf(text))
        {
            payload.Slice(at, text.Length).Fill((byte)'*');
            payload = payload[(at + text.Length)..];
        }
    }

    private static void Around(Span<byte> payload, ReadOnlySpan<byte> sign)
    {
        for (var at = payload.IndexOf(sign); at >= 0;)
        {
            var from = at;
            while (from > 0 && IsPart(payload[from - 1])) from--;
            var to = at + sign.Length;
            while (to < payload.Length && IsPart(payload[to])) to++;
            // A lone sign is no address; half an address may be one that was mistyped.
            if (to - from > sign.Length) payload[from..to].Fill((byte)'*');
            var next = payload[to..].IndexOf(sign);
            at = next < 0 ? -1 : to + next;
        }
    }

    /// <summary>Letters of other scripts count: an international address is one too.</summary>
    private static bool IsPart(byte b) => b >= 0x80 || OfAddress.Contains(b);
}
