using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>A growing buffer for encoded states; reusable.</summary>
public sealed class BlobWriter
{
    /// <summary>A state is at most 1 MiB.</summary>
    public const int BytesMax = 1 << 20;

    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Unsigned(ulong value)
    {
        Ensure(Varint.BytesMax);
        if (value < 0x80) _bytes[Length++] = (byte)value;
        else Length += Varint.Write(_bytes.AsSpan(Length), value);
    }

    public void Signed(long value) => Unsigned(Varint.ZigZag(value));

    public void Fixed(ulong value)
    {
        Ensure(8);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(Length), value);
        Length += 8;
    }

    public void Text(ReadOnlySpan<byte> text)
    {
        Unsigned((ulong)text.Length);
        Raw(text);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>The bytes that a text takes with its length.</summary>
    public static int BytesOf(int length) => Varint.Length((ulong)length) + length;

    /// <summary>An item as it lies in memory.</summary>
    public void Item<T>(scoped in T item) where T : struct => Raw(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in item)));

    /// <summary>Their number, items and one more; gives them as they lie here.</summary>
    public ReadOnlySpan<T> Items<T>(scoped ReadOnlySpan<T> items, scoped in T last) where T : struct
    {
        Unsigned((ulong)items.Length + 1);
        var start = Length;
        Raw(System.Runtime.InteropServices.MemoryMarshal.AsBytes(items));
        Item(last);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(Written[start..]);
    }

    private void Ensure(int more)
    {
        if (Length + more <= _bytes.Length) return;
        if (Length + more > BytesMax) throw new StateTooLargeException(Length + more);
        Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
    }
}

/// <summary>Reads what <see cref="BlobWriter"/> wrote. Bytes that were not written by it end in <see cref="StateFormatException"/>.</summary>
public ref struct BlobReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; }

    public readonly bool IsAtEnd => At == _bytes.Length;

    public ulong Unsigned()
    {
        // One byte is by far the most frequent.
        if (At < _bytes.Length && _bytes[At] < 0x80) return _bytes[At++];
        var read = Varint.Read(_bytes[At..], out var value);
        if (read == 0) throw new StateFormatException(At);
        At += read;
        return value;
    }

    public long Signed() => Varint.UnZigZag(Unsigned());

    public int Count(int max)
    {
        var value = Unsigned();
        return value <= (ulong)max ? (int)value : throw new StateFormatException(At);
    }

    public ulong Fixed()
    {
        if (_bytes.Length - At < 8) throw new StateFormatException(At);
        var value = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(_bytes[At..]);
        At += 8;
        return value;
    }

    public TextRef Text()
    {
        var length = Unsigned();
        if (length > (ulong)(_bytes.Length - At)) throw new StateFormatException(At);
        var text = new TextRef(At, (int)length);
        At += (int)length;
        return text;
    }

    /// <summary>So many items of so many bytes, in one piece.</summary>
    public ReadOnlySpan<byte> Items(int max, int itemBytes)
    {
        var bytes = Count(max) * itemBytes;
        if (bytes > _bytes.Length - At) throw new StateFormatException(At);
        At += bytes;
        return _bytes.Slice(At - bytes, bytes);
    }

    public readonly ReadOnlySpan<byte> this[TextRef text] => _bytes.Slice(text.Offset, text.Length);
}

/// <summary>A state's bytes are not of this format.</summary>
public sealed class StateFormatException(int offset) : Exception($"A state cannot be read at byte {offset}.")
{
    public int Offset { get; } = offset;
}

/// <summary>
/// A state would exceed <see cref="BlobWriter.BytesMax"/>: many full browsers of one person. Whoever applies an event leaves the state as it was.
/// </summary>
public sealed class StateTooLargeException(int bytes) : Exception($"A state of {bytes} bytes is over the limit of {BlobWriter.BytesMax} bytes.")
{
    public int Bytes { get; } = bytes;
}
