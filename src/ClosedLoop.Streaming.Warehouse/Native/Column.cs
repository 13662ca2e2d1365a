using System.Globalization;
using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Native;

/// <summary>One column of a block: its name, the type as written in the block's header, and its values so far.</summary>
/// <param name="type">Type in the Native header. LowCardinality columns are sent as String: the table's own type does the rest.</param>
internal abstract class Column(string name, string type)
{
    protected readonly ColumnBytes Bytes = new();

    public string Name { get; } = name;
    public string Type { get; } = type;
    public ReadOnlyMemory<byte> Written => Bytes.Written;

    /// <summary>Name and type as the block's header has them in front of the values.</summary>
    public ReadOnlyMemory<byte> Header { get; } = HeaderOf(name, type);

    public void Clear() => Bytes.Clear();

    private static byte[] HeaderOf(string name, string type)
    {
        var bytes = new ColumnBytes();
        bytes.Text(Encoding.UTF8.GetBytes(name));
        bytes.Text(Encoding.UTF8.GetBytes(type));
        return bytes.Written.ToArray();
    }
}

/// <summary>String.</summary>
internal sealed class TextColumn(string name) : Column(name, "String")
{
    public void Add(ReadOnlySpan<byte> value) => Bytes.Text(value);

    /// <summary>32 lower-case hex digits, or the empty string for no id.</summary>
    public void Add(Id id)
    {
        if (id == Id.None)
        {
            Bytes.Text(default);
            return;
        }
        var target = Bytes.Take(33);
        target[0] = 32;
        Hex(id.High, target[1..]);
        Hex(id.Low, target[17..]);
    }

    /// <summary>An id as text, or bytes as they are when they are no id of 16 bytes.</summary>
    public void AddHex(ReadOnlySpan<byte> value)
    {
        var target = Bytes;
        Span<byte> hex = stackalloc byte[2 * 32];
        var count = Math.Min(value.Length, 32);
        for (var i = 0; i < count; i++)
        {
            hex[2 * i] = Digit(value[i] >> 4);
            hex[2 * i + 1] = Digit(value[i] & 15);
        }
        target.Text(hex[..(2 * count)]);
    }

    private static void Hex(ulong value, Span<byte> target)
    {
        for (var i = 15; i >= 0; i--)
        {
            target[i] = Digit((int)(value & 15));
            value >>= 4;
        }
    }

    private static byte Digit(int nibble) => (byte)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);
}

/// <summary>DateTime64(3, 'UTC'): unix milliseconds. Values outside of what the type holds are drawn to its ends.</summary>
internal sealed class MomentColumn(string name) : Column(name, "DateTime64(3, 'UTC')")
{
    public const long UnixMsMin = -2_208_988_800_000; // 1900-01-01
    public const long UnixMsMax = 10_413_791_999_999; // 2299-12-31

    public void Add(long unixMs) => Bytes.Long(Math.Clamp(unixMs, UnixMsMin, UnixMsMax));
}

/// <summary>Decimal(18, 4): money in 1/10,000 of a unit, which is the type's own form.</summary>
internal sealed class MoneyColumn(string name) : Column(name, "Decimal(18, 4)")
{
    public void Add(long money) => Bytes.Long(money);
}

/// <summary>An integer of 1, 2, 4 or 8 bytes, little-endian; values that do not fit are drawn to the type's ends.</summary>
internal sealed class NumberColumn(string name, int bytes, bool signed = false)
    : Column(name, string.Create(CultureInfo.InvariantCulture, $"{(signed ? "Int" : "UInt")}{8 * bytes}"))
{
    private readonly long _min = signed ? bytes == 8 ? long.MinValue : -(1L << (8 * bytes - 1)) : 0;
    private readonly long _max = bytes == 8 ? long.MaxValue : (1L << (signed ? 8 * bytes - 1 : 8 * bytes)) - 1;

    public void Add(long value)
    {
        value = Math.Clamp(value, _min, _max);
        var target = Bytes.Take(bytes);
        for (var i = 0; i < target.Length; i++) target[i] = (byte)(value >> (8 * i));
    }

    /// <summary>64 bits as they are (hashes).</summary>
    public void AddBits(ulong value) => Bytes.Long((long)value);
}

/// <summary>Date: days since 1970, two bytes.</summary>
internal sealed class DateColumn(string name) : Column(name, "Date")
{
    public void AddDays(long days)
    {
        var clamped = (ushort)Math.Clamp(days, 0, ushort.MaxValue);
        var target = Bytes.Take(2);
        target[0] = (byte)clamped;
        target[1] = (byte)(clamped >> 8);
    }
}
