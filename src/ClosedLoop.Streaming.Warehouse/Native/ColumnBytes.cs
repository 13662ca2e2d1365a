using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Native;

/// <summary>The bytes of one column of a Native block, growing; kept and cleared between batches, so that a running sink allocates nothing per row.</summary>
internal sealed class ColumnBytes
{
    private byte[] _bytes = new byte[1024];
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear() => _length = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count) Grow(count);
        var span = _bytes.AsSpan(_length, count);
        _length += count;
        return span;
    }

    /// <summary>A String value: varint length, bytes.</summary>
    public void Text(ReadOnlySpan<byte> value)
    {
        if (value.Length < 128)
        {
            var target = Take(value.Length + 1);
            target[0] = (byte)value.Length;
            value.CopyTo(target[1..]);
            return;
        }
        Take(Varint.Write(Take(Varint.BytesMax, out var start), (ulong)value.Length), start);
        value.CopyTo(Take(value.Length));
    }

    public void Zeros(int count) => Take(count).Clear();

    public void Long(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    // A varint's length is known only after it was written: reserve the most, then give back the rest.
    private Span<byte> Take(int most, out int start)
    {
        start = _length;
        return Take(most);
    }

    private void Take(int used, int start) => _length = start + used;

    private void Grow(int count) => Array.Resize(ref _bytes, Math.Max(checked(_length + count), (int)Math.Min((long)_bytes.Length * 2, Array.MaxLength)));
}
