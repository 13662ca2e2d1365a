using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// Reads and writes definitions as JSON: <c>{"segments":[{"name","rule","group"?,"order"?,"action"?,"notify"?,"version"?}]}</c>.
/// Comments and a last comma are allowed, because people edit this file.
/// </summary>
public static class SegmentFile
{
    /// <summary>
    /// True when the file reads and every segment compiles. Otherwise all mistakes (of the JSON itself only the first), in order of the file;
    /// <paramref name="definitions"/> then holds what could be read.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out IReadOnlyList<SegmentDefinition> definitions, out IReadOnlyList<FileMistake> mistakes)
    {
        var reading = new SegmentFileReading();
        reading.Read(utf8);
        definitions = reading.Definitions;
        mistakes = reading.Mistakes;
        return reading.Mistakes.Count == 0;
    }

    /// <summary>The definitions as such a file, without white space, in the order given: the same definitions give the same bytes.</summary>
    /// <exception cref="JsonException">An action is no JSON.</exception>
    public static byte[] Write(IEnumerable<SegmentDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("segments");
            foreach (var definition in definitions) Write(json, definition);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, SegmentDefinition definition)
    {
        json.WriteStartObject();
        json.WriteString("name", definition.Name);
        json.WriteString("rule", definition.Rule);
        if (definition.Group is { } group) json.WriteString("group", group);
        json.WriteNumber("order", definition.Order);
        json.WriteNumber("version", definition.Version);
        json.WriteBoolean("notify", definition.Notify);
        if (definition.ActionJson is { } action)
        {
            using var value = JsonDocument.Parse(action);
            json.WritePropertyName("action");
            value.RootElement.WriteTo(json);
        }
        json.WriteEndObject();
    }
}

/// <summary>What is wrong with a definition file and where; line and column count from 1, columns in bytes.</summary>
public sealed record FileMistake(int Line, int Column, string Message)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {Message}");
}
