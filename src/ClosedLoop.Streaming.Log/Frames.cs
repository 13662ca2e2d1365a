using System.Buffers.Binary;

namespace ClosedLoop.Streaming.Log;

/// <summary>Walks records that stand one after the other, each with its 4-byte little-endian length in front.</summary>
internal static class Frames
{
    public const int PrefixBytes = 4;
    public const int SegmentBytesMax = 256 * 1024;

    /// <summary>Number of records, or -1 when the bytes are not framed properly.</summary>
    public static int Count(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < PrefixBytes) return -1;
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (length < 0 || length > bytes.Length - PrefixBytes) return -1;
            bytes = bytes[(PrefixBytes + length)..];
            count++;
        }
        return count;
    }

    /// <summary>Hands out runs of records of about <see cref="SegmentBytesMax"/>, or one record: a row of the file has to be read whole.</summary>
    public static void Split(ReadOnlyMemory<byte> bytes, int count, Action<ReadOnlyMemory<byte>, int> each)
    {
        while (count > 0)
        {
            var (run, taken) = Cut(bytes, count, 0, SegmentBytesMax);
            each(run, taken);
            bytes = bytes[run.Length..];
            count -= taken;
        }
    }

    /// <summary>Cuts <paramref name="skip"/> records off the front and keeps at least one and at most <paramref name="bytesMax"/> bytes.</summary>
    public static (ReadOnlyMemory<byte> Bytes, int Count) Cut(ReadOnlyMemory<byte> bytes, int count, int skip, int bytesMax)
    {
        var span = bytes.Span;
        var start = 0;
        for (var i = 0; i < skip; i++) start += FrameBytes(span[start..]);
        if (bytes.Length - start <= bytesMax) return (bytes[start..], count - skip);
        var end = start + FrameBytes(span[start..]);
        var kept = 1;
        while (skip + kept < count)
        {
            var next = FrameBytes(span[end..]);
            if (end - start + next > bytesMax) break;
            end += next;
            kept++;
        }
        return (bytes[start..end], kept);
    }

    private static int FrameBytes(ReadOnlySpan<byte> span) => PrefixBytes + BinaryPrimitives.ReadInt32LittleEndian(span);
}
