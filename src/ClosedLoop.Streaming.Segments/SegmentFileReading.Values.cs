using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Single values of a definition, each with the mistake of another type.</summary>
internal sealed partial class SegmentFileReading
{
    private string? Text(ref Utf8JsonReader json, ReadOnlySpan<byte> utf8, string property)
    {
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        Wrong(utf8, json.TokenStartIndex, $"\"{property}\" is text");
        json.Skip();
        return null;
    }

    private long Whole(ref Utf8JsonReader json, ReadOnlySpan<byte> utf8, string property)
    {
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value)) return value;
        Wrong(utf8, json.TokenStartIndex, $"\"{property}\" is a whole number");
        json.Skip();
        return 0;
    }

    private bool Truth(ref Utf8JsonReader json, ReadOnlySpan<byte> utf8, string property)
    {
        if (json.TokenType is JsonTokenType.True or JsonTokenType.False) return json.TokenType == JsonTokenType.True;
        Wrong(utf8, json.TokenStartIndex, $"\"{property}\" is true or false");
        json.Skip();
        return false;
    }

    /// <summary>The value without the white space between its parts, so that an edited layout is no change.</summary>
    private static string? Raw(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        using var value = JsonDocument.ParseValue(ref json);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes)) value.RootElement.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void Wrong(ReadOnlySpan<byte> utf8, long at, string message)
    {
        var before = utf8[..(int)Math.Min(at, utf8.Length)];
        var line = before.Count((byte)'\n') + 1;
        Mistakes.Add(new FileMistake(line, before.Length - before.LastIndexOf((byte)'\n'), message));
    }
}
