using System.Buffers;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>The quick way to the host of the usual address: https or http, no user, no port. Everything else takes the careful way.</summary>
internal static class HostScan
{
    private const byte Inside = 1, End = 2;

    /// <summary>Bytes that a host may be made of. Everything above ASCII is let through: names in other scripts that nobody has encoded.</summary>
    public static SearchValues<byte> Allowed { get; } = SearchValues.Create(
        [.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"u8, .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    private static readonly byte[] Kinds = [.. Enumerable.Range(0, 256).Select(b => Allowed.Contains((byte)b) ? Inside : "/?#\\"u8.Contains((byte)b) ? End : (byte)0)];

    /// <summary>False says nothing about the address but that it needs a closer look.</summary>
    public static bool TrySlice(ReadOnlySpan<byte> url, out int start, out int stop)
    {
        start = url.StartsWith("https://"u8) ? 8 : url.StartsWith("http://"u8) ? 7 : 0;
        stop = start;
        if (start == 0) return false;
        var kinds = Kinds;
        byte before = (byte)'.';
        for (; stop < url.Length; stop++)
        {
            var b = url[stop];
            if (kinds[b] != Inside)
            {
                if (kinds[b] == End) break;
                return false;
            }
            if (b == '.' && before == '.') return false;
            before = b;
        }
        return before != '.' && stop - start <= PageAddress.HostBytesMax;
    }
}
