using System.Globalization;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// Reads definitions as JSON: <c>{"segments":[{"name","rule","group"?,"order"?,"action"?,"notify"?,"version"?}]}</c>.
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
}

/// <summary>What is wrong with a definition file and where; line and column count from 1, columns in bytes.</summary>
public sealed record FileMistake(int Line, int Column, string Message)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {Message}");
}
