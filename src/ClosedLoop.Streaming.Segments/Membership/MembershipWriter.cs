using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Writes the bytes that <see cref="MembershipReader"/> reads: one form for one membership, so that states can be compared by bytes.</summary>
internal sealed class MembershipWriter
{
    private byte[] _bytes = new byte[64];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Sorts the entries by name and writes them.</summary>
    public void Write(List<Held> entries)
    {
        entries.Sort(static (a, b) => a.Segment.NameUtf8.Span.SequenceCompareTo(b.Segment.NameUtf8.Span));
        _length = 0;
        foreach (var entry in entries) Write(entry);
        if (entries.Count == 0) _bytes[_length++] = MembershipReader.Marker;
    }

    public void Clear() => _length = 0;

    /// <summary>What is written of a segment before the moment.</summary>
    public static byte[] EntryOf(Segment segment)
    {
        var writer = new MembershipWriter();
        writer.Write(new Held(segment, 0, 0));
        // The moment 0 takes one byte.
        return writer.Written[..^1].ToArray();
    }

    private void Write(in Held entry)
    {
        var name = entry.Segment.NameUtf8.Span;
        var group = entry.Segment.GroupUtf8.Span;
        var needed = _length + 1 + name.Length + group.Length + 3 * Varint.BytesMax;
        if (needed > _bytes.Length) Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
        _bytes[_length++] = entry.Segment.Token;
        if (entry.Segment.Token == 0)
        {
            Prefixed(name);
            Prefixed(group);
        }
        _length += Varint.Write(_bytes.AsSpan(_length), (ulong)Math.Max(0, entry.SinceMs));
    }

    private void Prefixed(ReadOnlySpan<byte> value)
    {
        _length += Varint.Write(_bytes.AsSpan(_length), (ulong)value.Length);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }
}

/// <summary>A segment that a person is in. <paramref name="Index"/> is its place in the set, −1 when it vanished.</summary>
internal readonly record struct Held(Segment Segment, int Index, long SinceMs);
