using System.Buffers;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>Bytes that a host may be made of. Everything above ASCII is let through: names in other scripts that nobody has encoded.</summary>
internal static class HostBytes
{
    public static SearchValues<byte> Allowed { get; } = SearchValues.Create(
        [.. "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"u8, .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);
}
