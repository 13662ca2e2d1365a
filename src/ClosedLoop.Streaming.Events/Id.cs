using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClosedLoop.Streaming.Events;

/// <summary>
/// A 128-bit id; 32 lower-case hex digits as text, 16 big-endian bytes on the wire. The door makes a hit's id from time and
/// chance (<see cref="AtDoor"/>); everything that follows derives its id from its cause (<see cref="Derive"/>), never from an offset,
/// so that a replay or another partition count gives the same ids (DESIGN.md §4).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Id(ulong High, ulong Low) : IComparable<Id>
{
    public const int Bytes = 16;

    public static Id None => default;

    /// <summary>A time-ordered id: 48 bits of unix milliseconds, then 80 bits handed in.</summary>
    public static Id AtDoor(long unixMs, ulong chanceA, ulong chanceB) =>
        new(((ulong)unixMs << 16) | (chanceA & 0xFFFF), chanceB);

    /// <summary>The id of what follows from <paramref name="cause"/>: hash of cause, person, kind and ordinal.</summary>
    [SkipLocalsInit]
    public static Id Derive(Id cause, ReadOnlySpan<byte> person, RecordKind kind, int ordinal)
    {
        Span<byte> buffer = stackalloc byte[Bytes + 8 + 256];
        buffer = buffer[..(Bytes + 8 + Math.Min(person.Length, 256))];
        cause.Write(buffer);
        buffer[Bytes] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(buffer[(Bytes + 1)..], ordinal);
        buffer[Bytes + 5] = 0;
        buffer[Bytes + 6] = 0;
        buffer[Bytes + 7] = (byte)Math.Min(person.Length, 255);
        person[..Math.Min(person.Length, 256)].CopyTo(buffer[(Bytes + 8)..]);
        return OfBytes(buffer);
    }

    /// <summary>The id that any bytes hash to (two xxHash64 with different seeds).</summary>
    public static Id OfBytes(ReadOnlySpan<byte> bytes) => new(XxHash.Hash64(bytes, 0x51), XxHash.Hash64(bytes, 0xC10));

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    public static Id Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    public static bool TryParse(ReadOnlySpan<char> text, out Id id)
    {
        id = default;
        if (text.Length != 32
            || !ulong.TryParse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
            return false;
        id = new Id(high, low);
        return true;
    }

    public int CompareTo(Id other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public static bool operator <(Id left, Id right) => left.CompareTo(right) < 0;
    public static bool operator >(Id left, Id right) => left.CompareTo(right) > 0;
    public static bool operator <=(Id left, Id right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Id left, Id right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
