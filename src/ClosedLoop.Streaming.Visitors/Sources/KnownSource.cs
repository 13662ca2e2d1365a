namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>What a known host or source name is. <see cref="Plain"/> is known to be none of the others, though its parent domain is (docs.google.com).</summary>
public enum SourceKind : byte
{
    None, Search, Social, Video, Shopping, Ai, Email, Payment, Plain,
}

/// <summary>One line of hosts.tsv.</summary>
public sealed class KnownSource
{
    internal KnownSource(SourceKind kind, byte[] name, byte[] source, byte[][] parameters) =>
        (Kind, NameBytes, SourceBytes, ParameterNames) = (kind, name, source, parameters);

    public SourceKind Kind { get; }

    /// <summary>UTF-8 name for people: Google.</summary>
    public ReadOnlySpan<byte> Name => NameBytes;

    /// <summary>UTF-8 value of a source column: google.</summary>
    public ReadOnlySpan<byte> Source => SourceBytes;

    internal byte[] NameBytes { get; }

    internal byte[] SourceBytes { get; }

    /// <summary>Query parameters that carry what was searched for, lower case, most likely first.</summary>
    internal byte[][] ParameterNames { get; }

    /// <summary>Another service lives on a path of one of its hosts.</summary>
    internal bool HasPaths { get; set; }
}
