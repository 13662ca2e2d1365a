using System.Runtime.CompilerServices;

namespace ClosedLoop.Streaming.Events;

/// <summary>Which partition owns an actor: xxHash64 of site, a zero byte and actor key, modulo the number fixed at creation (DESIGN.md §5).</summary>
public static class Partitioning
{
    public const int KeyBytesMax = 200;

    public static int Of(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, int partitions) =>
        (int)(Hash(site, key) % (ulong)partitions);

    [SkipLocalsInit]
    public static ulong Hash(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        Span<byte> buffer = stackalloc byte[site.Length + 1 + key.Length];
        site.CopyTo(buffer);
        buffer[site.Length] = 0;
        key.CopyTo(buffer[(site.Length + 1)..]);
        return XxHash.Hash64(buffer);
    }
}
