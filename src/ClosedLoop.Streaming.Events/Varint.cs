namespace ClosedLoop.Streaming.Events;

/// <summary>LEB128 varints, at most 10 bytes; signed values zigzag.</summary>
public static class Varint
{
    public const int BytesMax = 10;

    public static int Write(Span<byte> target, ulong value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            target[i++] = (byte)(value | 0x80);
            value >>= 7;
        }
        target[i++] = (byte)value;
        return i;
    }

    /// <summary>Bytes consumed, or 0 when the varint is cut off or too long.</summary>
    public static int Read(ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        var limit = Math.Min(source.Length, BytesMax);
        for (var i = 0; i < limit; i++)
        {
            var b = source[i];
            if (i == BytesMax - 1 && b > 1) return 0;
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80) return i + 1;
        }
        return 0;
    }

    public static int Length(ulong value) => value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
