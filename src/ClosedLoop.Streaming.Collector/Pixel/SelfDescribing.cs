using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Reads Snowplow's unstructured event: <c>{"schema":"…unstruct_event…","data":{"schema":"iglu:vendor/name/format/version","data":{…}}}</c>.
/// The inner schema's name is the event's name, and the inner object is kept as its properties.
/// </summary>
internal static class SelfDescribing
{
    private const int DepthMax = 16;

    /// <returns>An empty name when it is no such event.</returns>
    public static (byte[] Name, byte[] Json) Read(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> encoded)
    {
        var json = plain.IsEmpty ? Decode(encoded) : plain.ToArray();
        if (json.Length == 0 || !Utf8.IsValid(json)) return ([], []);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthMax });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data", out var inner) || inner.ValueKind != JsonValueKind.Object
                || !inner.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.String)
                return ([], []);
            var name = NameOf(schema.GetString()!);
            return (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(inner.GetRawText()));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate, which is JSON but no text.
            return ([], []);
        }
    }

    private static string NameOf(string schema)
    {
        var parts = schema.Split('/');
        if (parts.Length < 2 || !parts[0].StartsWith("iglu:", StringComparison.Ordinal)) return "";
        return parts[0] == "iglu:com.snowplowanalytics.snowplow" && parts[1] == "link_click" ? EventKinds.Click : parts[1];
    }

    private static byte[] Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty) return [];
        // Both alphabets are seen in the wild.
        Span<byte> text = encoded.ToArray();
        text.Replace((byte)'+', (byte)'-');
        text.Replace((byte)'/', (byte)'_');
        // An unescaped plus of a query arrives as a blank.
        text.Replace((byte)' ', (byte)'-');
        var target = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromUtf8(text, target, out _, out var written) == System.Buffers.OperationStatus.Done ? target[..written] : [];
    }
}
