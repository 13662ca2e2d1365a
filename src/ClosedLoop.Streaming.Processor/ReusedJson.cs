using System.Buffers;
using System.Text.Json;

namespace ClosedLoop.Streaming.Processor;

/// <summary>A JSON writer with its buffer, used again and again: the changes of a hit carry several small objects.</summary>
internal sealed class ReusedJson
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly Utf8JsonWriter _json;

    public ReusedJson() => _json = new Utf8JsonWriter(_bytes);

    /// <summary>Forgets what was written before.</summary>
    public Utf8JsonWriter Begin()
    {
        _bytes.ResetWrittenCount();
        _json.Reset(_bytes);
        return _json;
    }

    /// <summary>Valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            _json.Flush();
            return _bytes.WrittenSpan;
        }
    }
}
