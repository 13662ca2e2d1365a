using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Log;

/// <summary>The three rivers. Hits and facts are partitioned by actor; settings have one partition.</summary>
public enum Topic : byte
{
    Hits = 0,
    Facts = 1,
    Settings = 2,
}

/// <summary>
/// The log as every room sees it: append with confirmation, read by partition, committed positions of named readers.
/// Adapters: embedded SQLite and Kafka; one set of contract tests runs over both.
/// </summary>
public interface ILog
{
    /// <summary>Partitions of hits and of facts, fixed at creation.</summary>
    int Partitions { get; }

    /// <summary>
    /// Copies the record into the open group and returns the task of that group: it completes when the group is durable at the
    /// configured level. Throws <see cref="LogUnavailableException"/> (at once or through the task) when the record was not, or may
    /// not have been, made durable; the door then answers 503.
    /// </summary>
    Task AppendAsync(Topic topic, int partition, ReadOnlySpan<byte> record);

    /// <summary>
    /// The next records from <paramref name="from"/> on, at least one: waits until there is something. Never crosses what is durable.
    /// When <paramref name="from"/> is older than retention kept, the slice starts at the first offset that is left.
    /// </summary>
    ValueTask<LogSlice> ReadAsync(Topic topic, int partition, long from, int bytesMax, CancellationToken cancel);

    /// <summary>First offset that can still be read.</summary>
    long StartOffset(Topic topic, int partition);

    /// <summary>Offset after the last durable record.</summary>
    long EndOffset(Topic topic, int partition);

    /// <summary>The committed position (next offset to read) of a named reader; 0 when it never committed.</summary>
    ValueTask<long> PositionAsync(string reader, Topic topic, int partition, CancellationToken cancel);

    /// <summary>Durable when the task completes. Retention never passes the lowest position of any known reader.</summary>
    Task CommitPositionAsync(string reader, Topic topic, int partition, long next);
}

/// <summary>
/// A run of consecutive records: <see cref="Bytes"/> is Count × (4-byte little-endian length, record).
/// Valid for as long as somebody holds it; never pooled back under a reader.
/// </summary>
public readonly record struct LogSlice(long FirstOffset, int Count, ReadOnlyMemory<byte> Bytes)
{
    public long Next => FirstOffset + Count;

    public Enumerator GetEnumerator() => new(Bytes);

    public struct Enumerator(ReadOnlyMemory<byte> bytes)
    {
        private ReadOnlyMemory<byte> _rest = bytes;

        public ReadOnlyMemory<byte> Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.Length < 4) return false;
            var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(_rest.Span);
            Current = _rest.Slice(4, length);
            _rest = _rest[(4 + length)..];
            return true;
        }
    }
}

/// <summary>The log could not confirm an append: full, stopping, disk gone, queue at its limit. <see cref="Reason"/> is a stable word.</summary>
public sealed class LogUnavailableException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;
}
