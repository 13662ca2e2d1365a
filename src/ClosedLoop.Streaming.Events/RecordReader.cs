using System.Buffers.Binary;
using System.Text;

namespace ClosedLoop.Streaming.Events;

/// <summary>
/// Reads one record in a single pass and gives its fields as slices, without allocation. Reusable; the slices live as long as the bytes handed in.
/// A field that appears twice keeps its last value; unknown fields are skipped, so that newer writers can be read.
/// </summary>
public sealed class RecordReader
{
    private readonly int[] _offsets = new int[256];
    private readonly int[] _lengths = new int[256];
    private readonly int[] _stamps = new int[256];
    private int _stamp;
    private ReadOnlyMemory<byte> _record;
    private int _siteOffset, _siteLength, _keyOffset, _keyLength, _fieldsOffset;

    public RecordKind Kind { get; private set; }
    /// <summary>Unix ms of the record: the collector's time for hits, the causing record's time for facts.</summary>
    public long TimeMs { get; private set; }
    public Id Id { get; private set; }
    public ReadOnlySpan<byte> Site => _record.Span.Slice(_siteOffset, _siteLength);
    public ReadOnlySpan<byte> Key => _record.Span.Slice(_keyOffset, _keyLength);
    public ReadOnlySpan<byte> Fields => _record.Span[_fieldsOffset..];
    public ReadOnlyMemory<byte> Record => _record;

    /// <summary>False when the bytes are no record of this format; nothing is thrown for hostile bytes.</summary>
    public bool TryRead(ReadOnlyMemory<byte> record)
    {
        _record = record;
        _stamp++;
        var span = record.Span;
        if (span.Length < 28 || span[0] != RecordWriter.FormatVersion) return false;
        Kind = (RecordKind)span[1];
        TimeMs = BinaryPrimitives.ReadInt64LittleEndian(span[2..]);
        Id = Id.Read(span[10..]);
        var at = 26;
        if (!Slice(span, ref at, out _siteOffset, out _siteLength) || !Slice(span, ref at, out _keyOffset, out _keyLength)) return false;
        _fieldsOffset = at;
        while (at < span.Length)
        {
            var tag = span[at++];
            if (!Slice(span, ref at, out _offsets[tag], out _lengths[tag])) return false;
            _stamps[tag] = _stamp;
        }
        return true;
    }

    public bool Has(Field field) => _stamps[(int)field] == _stamp;

    /// <summary>The bytes of a field; empty when absent.</summary>
    public ReadOnlySpan<byte> this[Field field] =>
        _stamps[(int)field] == _stamp ? _record.Span.Slice(_offsets[(int)field], _lengths[(int)field]) : default;

    public ReadOnlyMemory<byte> Memory(Field field) =>
        _stamps[(int)field] == _stamp ? _record.Slice(_offsets[(int)field], _lengths[(int)field]) : default;

    public string Text(Field field) => Encoding.UTF8.GetString(this[field]);

    /// <summary>Null when absent.</summary>
    public string? TextOrNull(Field field) => Has(field) ? Text(field) : null;

    public long Int(Field field, long otherwise = 0)
    {
        var bytes = this[field];
        return bytes.IsEmpty || Varint.Read(bytes, out var value) == 0 ? otherwise : Varint.UnZigZag(value);
    }

    public Id IdOf(Field field)
    {
        var bytes = this[field];
        return bytes.Length == Id.Bytes ? Id.Read(bytes) : Id.None;
    }

    public EventFlags Flags => (EventFlags)Int(Field.Flags);

    /// <summary>When it happened, unix ms: the event's own time, or the record's.</summary>
    public long OccurredMs => Int(Field.OccurredMs, TimeMs);

    private static bool Slice(ReadOnlySpan<byte> span, ref int at, out int offset, out int length)
    {
        offset = length = 0;
        var read = Varint.Read(span[at..], out var size);
        if (read == 0 || size > (ulong)(span.Length - at - read)) return false;
        offset = at + read;
        length = (int)size;
        at = offset + length;
        return true;
    }
}
