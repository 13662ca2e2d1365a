using System.Globalization;
using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Native;

/// <summary>One column of a block: its name, the type as written in the block's header, and its values so far.</summary>
/// <param name="type">Type in the Native header. LowCardinality columns are sent as String: the table's own type does the rest.</param>
internal abstract class Column(string name, string type)
{
    protected readonly ColumnBytes Bytes = new();
    private int _rows;

    public string Name { get; } = name;
    public string Type { get; } = type;
    public ReadOnlyMemory<byte> Written => Bytes.Written;

    /// <summary>Name and type as the block's header has them in front of the values.</summary>
    public ReadOnlyMemory<byte> Header { get; } = HeaderOf(name, type);

    /// <summary>Bytes of the value that stands for "absent"; they are all zero.</summary>
    protected abstract int EmptyBytes { get; }

    public void Clear()
    {
        Bytes.Clear();
        _rows = 0;
    }

    /// <summary>
    /// Fills rows that nobody gave a value with empty ones, up to <paramref name="row"/>. Most of an event's columns are absent in most
    /// rows: they are filled in runs, not one by one.
    /// </summary>
    public void Reach(int row)
    {
        if (_rows < row) Bytes.Zeros((row - _rows) * EmptyBytes);
        _rows = row;
    }

    /// <summary>Every Add counts its row.</summary>
    protected void Counted() => _rows++;

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
    protected override int EmptyBytes => 1;

    public void Add(ReadOnlySpan<byte> value)
    {
        Bytes.Text(value);
        Counted();
    }

    /// <summary>32 lower-case hex digits, or the empty string for no id.</summary>
    public void Add(Id id)
    {
        if (id == Id.None)
        {
            Add(default(ReadOnlySpan<byte>));
            return;
        }
        Counted();
        var target = Bytes.Take(33);
        target[0] = 32;
        Hex(id.High, target[1..]);
        Hex(id.Low, target[17..]);
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

    protected override int EmptyBytes => 8;

    public void Add(long unixMs)
    {
        Bytes.Long(Math.Clamp(unixMs, UnixMsMin, UnixMsMax));
        Counted();
    }
}

/// <summary>Decimal(18, 4): money in 1/10,000 of a unit, which is the type's own form.</summary>
internal sealed class MoneyColumn(string name) : Column(name, "Decimal(18, 4)")
{
    protected override int EmptyBytes => 8;

    public void Add(long money)
    {
        Bytes.Long(money);
        Counted();
    }
}

/// <summary>Decimal(18, 9): rates and effects in billionths.</summary>
internal sealed class BillionthsColumn(string name) : Column(name, "Decimal(18, 9)")
{
    protected override int EmptyBytes => 8;

    public void Add(long billionths)
    {
        Bytes.Long(billionths);
        Counted();
    }
}

/// <summary>An integer of 1, 2, 4 or 8 bytes, little-endian; values that do not fit are drawn to the type's ends.</summary>
internal sealed class NumberColumn(string name, int bytes, bool signed = false)
    : Column(name, string.Create(CultureInfo.InvariantCulture, $"{(signed ? "Int" : "UInt")}{8 * bytes}"))
{
    private readonly long _min = signed ? bytes == 8 ? long.MinValue : -(1L << (8 * bytes - 1)) : 0;
    private readonly long _max = bytes == 8 ? long.MaxValue : (1L << (signed ? 8 * bytes - 1 : 8 * bytes)) - 1;

    protected override int EmptyBytes => bytes;

    public void Add(long value)
    {
        Counted();
        value = Math.Clamp(value, _min, _max);
        var target = Bytes.Take(bytes);
        for (var i = 0; i < target.Length; i++) target[i] = (byte)(value >> (8 * i));
    }

    /// <summary>64 bits as they are (hashes).</summary>
    public void AddBits(ulong value)
    {
        Bytes.Long((long)value);
        Counted();
    }
}

/// <summary>Date: days since 1970, two bytes.</summary>
internal sealed class DateColumn(string name) : Column(name, "Date")
{
    protected override int EmptyBytes => 2;

    public void AddDays(long days)
    {
        Counted();
        var clamped = (ushort)Math.Clamp(days, 0, ushort.MaxValue);
        var target = Bytes.Take(2);
        target[0] = (byte)clamped;
        target[1] = (byte)(clamped >> 8);
    }
}
