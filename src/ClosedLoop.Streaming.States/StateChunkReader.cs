using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// Reads the entries of a chunk without copying. The constructor checks version and checksum; damage of any kind throws
/// <see cref="StateChunkCorruptException"/>, never anything else.
/// </summary>
public ref struct StateChunkReader
{
    private readonly ReadOnlySpan<byte> _chunk;
    private readonly ChunkPlace _place;
    private readonly int _count;
    private int _at;
    private int _read;

    public StateChunkReader(ReadOnlySpan<byte> chunk, ChunkPlace place)
    {
        _chunk = chunk;
        _place = place;
        _at = StateChunk.HeaderBytes;
        if (chunk.Length < StateChunk.HeaderBytes) throw Corrupt(chunk.Length, "it is shorter than a header");
        if (chunk.Length > StateChunk.BytesMax) throw Corrupt(0, $"it has {chunk.Length} bytes, over the limit of {StateChunk.BytesMax}");
        if (chunk[0] != StateChunk.FormatVersion) throw Corrupt(0, $"format {chunk[0]} is unknown");
        if (StateChunk.ChecksumOf(chunk) != StateChunk.Checksum(chunk)) throw Corrupt(8, "the checksum does not fit");
        _count = StateChunk.CountOf(chunk);
    }

    public readonly int Count => _count;
    public ReadOnlySpan<byte> Key { get; private set; }
    /// <summary>Empty when the key was removed.</summary>
    public ReadOnlySpan<byte> State { get; private set; }
    public uint DueSeconds { get; private set; }
    public readonly bool IsRemoval => State.IsEmpty;

    /// <summary>Where the next entry begins, and how many were read: for going on later with <see cref="Skip"/>.</summary>
    internal readonly int At => _at;
    internal readonly int Read => _read;

    internal void Skip(int at, int read)
    {
        _at = at;
        _read = read;
    }

    public bool MoveNext()
    {
        if (_read == _count)
        {
            if (_at != _chunk.Length) throw Corrupt(_at, $"{_chunk.Length - _at} bytes are left after {_count} entries");
            return false;
        }
        Key = Slice(Shelf.KeyBytesMax, "key");
        if (Key.IsEmpty) throw Corrupt(_at, "a key is empty");
        var due = Number("due time");
        if (due > uint.MaxValue) throw Corrupt(_at, "a due time is out of range");
        DueSeconds = (uint)due;
        State = Slice(Shelf.StateBytesMax, "state");
        _read++;
        return true;
    }

    private ReadOnlySpan<byte> Slice(int max, string what)
    {
        var length = Number(what);
        if (length > (ulong)max) throw Corrupt(_at, $"a {what} claims {length} bytes, over the limit of {max}");
        if (length > (ulong)(_chunk.Length - _at)) throw Corrupt(_at, $"a {what} of {length} bytes is cut off");
        var slice = _chunk.Slice(_at, (int)length);
        _at += (int)length;
        return slice;
    }

    private ulong Number(string what)
    {
        var read = Varint.Read(_chunk[_at..], out var value);
        if (read == 0) throw Corrupt(_at, $"the length or time of a {what} is cut off");
        _at += read;
        return value;
    }

    private readonly StateChunkCorruptException Corrupt(int offset, string what) => new(_place, offset, what);
}
