namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// The segments that a new installation starts with: <c>Defaults/segments.json</c>, built into the program and copied beside it,
/// where an operator can read and change it.
/// </summary>
public static class DefaultSegments
{
    /// <summary>Where the copy stands, relative to the program's folder.</summary>
    public const string FileName = "Defaults/segments.json";

    /// <summary>The file as it was built in.</summary>
    public static ReadOnlyMemory<byte> Utf8 { get; } = Load();

    /// <summary>Its definitions.</summary>
    public static IReadOnlyList<SegmentDefinition> Definitions { get; } =
        SegmentFile.TryParse(Utf8.Span, out var definitions, out var mistakes)
            ? definitions
            : throw new InvalidDataException($"the built-in segments are wrong: {mistakes[0]}");

    private static ReadOnlyMemory<byte> Load()
    {
        const string resource = "ClosedLoop.Streaming.Segments.Defaults.segments.json";
        using var stream = typeof(DefaultSegments).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidDataException($"the resource {resource} is missing");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
