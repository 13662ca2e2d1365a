using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// What one hit is worked out in. One per thread and used only between two awaits, so that a hit costs no memory of its own.
/// </summary>
internal sealed class HitScratch
{
    private const int KeptBytesMax = 256 * 1024;

    [ThreadStatic] private static HitScratch? t_scratch;

    private ArrayBufferWriter<byte> _json = new(1024);
    private Utf8JsonWriter? _writer;
    private byte[] _copy = [];

    public static HitScratch OfThisThread => t_scratch ??= new HitScratch();

    public RecordWriter Record { get; } = new(2048);
    public QueryFields Query { get; } = new();

    /// <summary>The bytes in a buffer of this scratch; good until the next copy.</summary>
    public Span<byte> CopyOf(ReadOnlySpan<byte> bytes)
    {
        if (_copy.Length < bytes.Length) _copy = new byte[bytes.Length];
        bytes.CopyTo(_copy);
        return _copy.AsSpan(0, bytes.Length);
    }

    /// <summary>A JSON writer over an empty buffer; <see cref="JsonBytes"/> gives what was written.</summary>
    public Utf8JsonWriter BeginJson()
    {
        if (_json.Capacity > KeptBytesMax) _json = new ArrayBufferWriter<byte>(1024);
        _json.ResetWrittenCount();
        // Stored, never put into a page as it is, so only what JSON itself needs is escaped.
        _writer ??= new Utf8JsonWriter(_json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _writer.Reset(_json);
        return _writer;
    }

    public ReadOnlySpan<byte> JsonBytes
    {
        get
        {
            _writer!.Flush();
            return _json.WrittenSpan;
        }
    }
}
