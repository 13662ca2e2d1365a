using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Testing;

/// <summary>A name for a log of the tests; nobody else appends to it.</summary>
public sealed record NamedLog(string Identity) : ILogIdentity
{
    public TimeSpan AppendMax { get; init; }
}
