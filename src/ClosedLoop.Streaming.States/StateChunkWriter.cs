using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.States;

/// <summary>Writes one chunk after another into the same growing buffer; not safe for two threads.</summary>
public sealed class StateChunkWriter(int capacity = 64 * 1024)
{
    private byte[] _buffer = new byte[Math.Max(capacity, StateChunk.HeaderBytes)];
    private int _length = StateChunk.HeaderBytes;

    public int Count { get; private set; }

    /// <summary>Bytes so far, with the header.</summary>
    public int Length => _length;

    /// <summary>Begins the next chunk; what <see cref="Finish"/> returned before is overwritten from here on.</summary>
    public void Clear()
    {
        _length = StateChunk.HeaderBytes;
        Count = 0;
    }

    /// <summary>True when an entry of this size fits into the chunk.</summary>
    public bool HasRoom(int keyLength, int stateLength) => (long)_length + Needed(keyLength, stateLength) <= StateChunk.BytesMax;

    /// <summary>Throws <see cref="StateChunkTooLargeException"/>.</summary>
    public void Put(ReadOnlySpan<byte> key, uint dueSeconds, ReadOnlySpan<byte> state)
    {
        if (key.IsEmpty || key.Length > Shelf.KeyBytesMax) throw new ArgumentOutOfRangeException(nameof(key), key.Length, $"A key has 1 to {Shelf.KeyBytesMax} bytes.");
        if (state.IsEmpty || state.Length > Shelf.StateBytesMax) throw new ArgumentOutOfRangeException(nameof(state), state.Length, $"A state has 1 to {Shelf.StateBytesMax} bytes.");
        Write(key, dueSeconds, state);
    }

    /// <summary>Says that the key has no state any more.</summary>
    public void Remove(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || key.Length > Shelf.KeyBytesMax) throw new ArgumentOutOfRangeException(nameof(key), key.Length, $"A key has 1 to {Shelf.KeyBytesMax} bytes.");
        Write(key, 0, default);
    }

    /// <summary>The whole chunk with header and checksum, or no bytes when nothing was written; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        if (Count == 0) return default;
        StateChunk.WriteHeader(_buffer.AsSpan(0, _length), Count);
        return _buffer.AsMemory(0, _length);
    }

    private void Write(ReadOnlySpan<byte> key, uint dueSeconds, ReadOnlySpan<byte> state)
    {
        Ensure(Needed(key.Length, state.Length));
        _length += Varint.Write(_buffer.AsSpan(_length), (ulong)key.Length);
        key.CopyTo(_buffer.AsSpan(_length));
        _length += key.Length;
        _length += Varint.Write(_buffer.AsSpan(_length), dueSeconds);
        _length += Varint.Write(_buffer.AsSpan(_length), (ulong)state.Length);
        state.CopyTo(_buffer.AsSpan(_length));
        _length += state.Length;
        Count++;
    }

    private static int Needed(int keyLength, int stateLength) => keyLength + stateLength + (3 * Varint.BytesMax);

    private void Ensure(int more)
    {
        var needed = (long)_length + more;
        if (needed > StateChunk.BytesMax) throw new StateChunkTooLargeException(needed);
        if (needed > _buffer.Length) Array.Resize(ref _buffer, (int)Math.Max(needed, Math.Min(StateChunk.BytesMax, _buffer.Length * 2L)));
    }
}
