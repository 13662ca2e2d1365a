using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace ClosedLoop.Streaming.Events;

/// <summary>
/// Writes one record: version, kind, time (8 bytes, unix ms), id (16), site, key, then fields (tag, length, bytes) in the order they are added.
/// Reusable and growing up to <see cref="RecordBytesMax"/>; not safe for two threads.
/// </summary>
public sealed class RecordWriter(int capacity = 1024)
{
    public const byte FormatVersion = 1;
    /// <summary>A record, all fields together, is at most 256 KiB.</summary>
    public const int RecordBytesMax = 256 * 1024;

    private byte[] _buffer = new byte[capacity];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <param name="key">Actor key: 'v' + visitor id, 'i' + identifier, 'l' + lead id; empty for clock and rules.</param>
    public RecordWriter Begin(RecordKind kind, long timeMs, Id id, ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        _length = 0;
        Ensure(26 + site.Length + key.Length + 2 * Varint.BytesMax);
        _buffer[0] = FormatVersion;
        _buffer[1] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(2), timeMs);
        id.Write(_buffer.AsSpan(10));
        _length = 26;
        Prefixed(site);
        Prefixed(key);
        return this;
    }

    /// <summary>Empty values are left out: absent and empty are one.</summary>
    public RecordWriter Add(Field field, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return this;
        Ensure(1 + Varint.BytesMax + value.Length);
        _buffer[_length++] = (byte)field;
        Prefixed(value);
        return this;
    }

    // Half a kilobyte of zeros for every short text would be half of its price.
    [SkipLocalsInit]
    public RecordWriter Add(Field field, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return this;
        var max = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (max <= 512)
        {
            Span<byte> small = stackalloc byte[512];
            return Add(field, small[..Encoding.UTF8.GetBytes(text, small)]);
        }
        return Add(field, Encoding.UTF8.GetBytes(text.ToArray()).AsSpan());
    }

    public RecordWriter Add(Field field, string? text) => Add(field, text.AsSpan());

    public RecordWriter Add(Field field, long value)
    {
        Ensure(2 + Varint.BytesMax);
        _buffer[_length] = (byte)field;
        var length = Varint.Write(_buffer.AsSpan(_length + 2), Varint.ZigZag(value));
        _buffer[_length + 1] = (byte)length;
        _length += 2 + length;
        return this;
    }

    public RecordWriter Add(Field field, Id id)
    {
        Ensure(2 + Id.Bytes);
        _buffer[_length] = (byte)field;
        _buffer[_length + 1] = Id.Bytes;
        id.Write(_buffer.AsSpan(_length + 2));
        _length += 2 + Id.Bytes;
        return this;
    }

    /// <summary>Copies all fields of another record behind what is written already.</summary>
    public RecordWriter AddRaw(ReadOnlySpan<byte> fields)
    {
        Ensure(fields.Length);
        fields.CopyTo(_buffer.AsSpan(_length));
        _length += fields.Length;
        return this;
    }

    private void Prefixed(ReadOnlySpan<byte> value)
    {
        if (value.Length < 0x80) _buffer[_length++] = (byte)value.Length;
        else _length += Varint.Write(_buffer.AsSpan(_length), (ulong)value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    private void Ensure(int more)
    {
        var needed = _length + more;
        if (needed > RecordBytesMax) throw new RecordTooLargeException(needed);
        if (needed <= _buffer.Length) return;
        Array.Resize(ref _buffer, Math.Max(needed, Math.Min(RecordBytesMax, _buffer.Length * 2)));
    }
}

/// <summary>A record would exceed <see cref="RecordWriter.RecordBytesMax"/>; the door refuses such a hit by name.</summary>
public sealed class RecordTooLargeException(int bytes)
    : Exception($"A record of {bytes} bytes is over the limit of {RecordWriter.RecordBytesMax} bytes.")
{
    public int Bytes { get; } = bytes;
}
