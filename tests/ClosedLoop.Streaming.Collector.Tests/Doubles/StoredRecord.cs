using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>One record of the log, with a reader of its own.</summary>
internal sealed class StoredRecord
{
    private readonly RecordReader _reader = new();

    public StoredRecord(ReadOnlyMemory<byte> bytes, int partition)
    {
        Assert.True(_reader.TryRead(bytes), "The log holds bytes that are no record.");
        Partition = partition;
    }

    public int Partition { get; }
    public RecordKind Kind => _reader.Kind;
    public long TimeMs => _reader.TimeMs;
    public long OccurredMs => _reader.OccurredMs;
    public Id Id => _reader.Id;
    public EventFlags Flags => _reader.Flags;
    public string Site => Encoding.UTF8.GetString(_reader.Site);
    public string Key => Encoding.UTF8.GetString(_reader.Key);
    /// <summary>Null when absent.</summary>
    public string? this[Field field] => _reader.TextOrNull(field);
    public long Int(Field field) => _reader.Int(field, long.MinValue);
    public byte[] Bytes => _reader.Record.ToArray();
    public JsonElement Json(Field field) => JsonDocument.Parse(_reader.Text(field)).RootElement;
    public bool Contains(string text) => _reader.Record.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
