using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.World;

/// <summary>A fact as tests read it.</summary>
public sealed class Fact
{
    private readonly RecordReader _reader = new();

    public Fact(byte[] record)
    {
        Bytes = record;
        if (!_reader.TryRead(record)) throw new ArgumentException("not a record", nameof(record));
    }

    public byte[] Bytes { get; }
    /// <summary>'v' + visitor id or 'l' + lead id; empty for what is about nobody.</summary>
    public string Key => System.Text.Encoding.UTF8.GetString(_reader.Key);
    public RecordKind Kind => _reader.Kind;
    public Id Id => _reader.Id;
    public long TimeMs => _reader.TimeMs;
    public string this[Field field] => _reader.Text(field);
    public long Int(Field field) => _reader.Int(field);
    public byte[] BytesOf(Field field) => _reader[field].ToArray();
    public Id IdOf(Field field) => _reader.IdOf(field);

    public static IReadOnlyList<Fact> Of(World world, RecordKind kind) => [.. world.Facts.Select(r => new Fact(r)).Where(f => f.Kind == kind)];

    /// <summary>"cold", "cold→warm", "warm→" in the order in which they happened.</summary>
    public static IReadOnlyList<string> Changes(World world) =>
        [.. Of(world, RecordKind.SegmentChanged).OrderBy(f => f.Int(Field.Sequence))
            .Select(f => f[Field.Change] == "left" ? f[Field.Segment] + "→" : f[Field.Previous].Length > 0 ? f[Field.Previous] + "→" + f[Field.Segment] : f[Field.Segment])];
}
