using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ClosedLoop.Streaming.Events;

/// <summary>
/// Reads one record in a single pass and gives its fields as slices, without allocation. Reusable; the slices live as long as the bytes handed in.
/// A field that appears twice keeps its last value; unknown fields are skipped, so that newer writers can be read.
/// </summary>
public sealed class RecordReader
{
    private struct Place
    {
        public int Stamp, Offset, Length;
    }

    private readonly Place[] _places = new Place[256];
    private readonly ulong[] _seen = new ulong[4];
    private int _stamp;
    private ReadOnlyMemory<byte> _record;
    // The same bytes: a memory asks what it is made of each time.
    private byte[] _array = [];
    private int _start;
    private int _siteOffset, _siteLength, _keyOffset, _keyLength, _fieldsOffset;

    public RecordKind Kind { get; private set; }
    /// <summary>Unix ms of the record: the collector's time for hits, the causing record's time for facts.</summary>
    public long TimeMs { get; private set; }
    public Id Id { get; private set; }
    public ReadOnlySpan<byte> Site => _array.AsSpan(_start + _siteOffset, _siteLength);
    public ReadOnlySpan<byte> Key => _array.AsSpan(_start + _keyOffset, _keyLength);
    public ReadOnlySpan<byte> Fields => _record.Span[_fieldsOffset..];
    public ReadOnlyMemory<byte> Record => _record;

    /// <summary>False when the bytes are no record of this format; nothing is thrown for hostile bytes.</summary>
    public bool TryRead(ReadOnlyMemory<byte> record)
    {
        if (!MemoryMarshal.TryGetArray(record, out var segment)) segment = record.ToArray();
        _record = record;
        (_array, _start) = (segment.Array!, segment.Offset);
        _stamp++;
        _seen.AsSpan().Clear();
        ReadOnlySpan<byte> span = segment;
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
            ref var place = ref _places[tag];
            _seen[tag >> 6] |= 1UL << tag;
            if (!Slice(span, ref at, out place.Offset, out place.Length)) return false;
            place.Stamp = _stamp;
        }
        return true;
    }

    public bool Has(Field field) => _places[(byte)field].Stamp == _stamp;

    /// <summary>No field is there that is not in the set, unknown ones neither.</summary>
    public bool HasOnly(in FieldSet fields) => fields.Covers(_seen);

    /// <summary>The bytes of a field; empty when absent.</summary>
    public ReadOnlySpan<byte> this[Field field]
    {
        get
        {
            ref readonly var place = ref _places[(byte)field];
            return place.Stamp == _stamp ? _array.AsSpan(_start + place.Offset, place.Length) : default;
        }
    }

    public ReadOnlyMemory<byte> Memory(Field field) =>
        _places[(byte)field].Stamp == _stamp ? _record.Slice(_places[(byte)field].Offset, _places[(byte)field].Length) : default;

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
        if (at < span.Length && span[at] < 0x80 && span[at] < span.Length - at)
        {
            // Nearly all: shorter than 128 bytes.
            (offset, length) = (at + 1, span[at]);
            at = offset + length;
            return true;
        }
        var read = Varint.Read(span[at..], out var size);
        if (read == 0 || size > (ulong)(span.Length - at - read)) return false;
        offset = at + read;
        length = (int)size;
        at = offset + length;
        return true;
    }
}
