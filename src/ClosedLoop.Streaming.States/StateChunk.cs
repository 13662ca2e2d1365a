using System.Buffers.Binary;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// The encoding of changed states. 16 bytes: version (1), three zero bytes, count (4, little-endian), checksum (8: xxHash64 of what follows,
/// seeded with version and count). Then count × (varint key length, key, varint due seconds, varint state length, state); state length 0 removes.
/// </summary>
public static class StateChunk
{
    public const byte FormatVersion = 1;
    /// <summary>A chunk is at most 16 MiB.</summary>
    public const int BytesMax = 16 << 20;
    internal const int HeaderBytes = 16;

    /// <summary>Number of entries that the header claims; 0 for no bytes at all.</summary>
    public static int CountOf(ReadOnlySpan<byte> chunk) =>
        chunk.Length < HeaderBytes ? 0 : (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]));

    /// <summary>The checksum in the header; 0 for no bytes at all.</summary>
    public static ulong ChecksumOf(ReadOnlySpan<byte> chunk) =>
        chunk.Length < HeaderBytes ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(chunk[8..]);

    internal static void WriteHeader(Span<byte> chunk, int count)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(chunk, FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[4..], (uint)count);
        BinaryPrimitives.WriteUInt64LittleEndian(chunk[8..], Checksum(chunk));
    }

    internal static ulong Checksum(ReadOnlySpan<byte> chunk) =>
        XxHash.Hash64(chunk[HeaderBytes..], BinaryPrimitives.ReadUInt64LittleEndian(chunk));
}

/// <summary>A chunk would exceed <see cref="StateChunk.BytesMax"/>; the owner commits smaller steps.</summary>
public sealed class StateChunkTooLargeException(long bytes)
    : Exception($"A chunk of {bytes} bytes is over the limit of {StateChunk.BytesMax} bytes; commit fewer states at a time.");
