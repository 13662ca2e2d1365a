namespace ClosedLoop.Streaming.Segments;

/// <summary>What is wrong with a rule: <paramref name="Position"/> is the 0-based character at which, the message says what is allowed.</summary>
public sealed record RuleMistake(int Position, string Message)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at {Position}: {Message}");
}

/// <summary>Leaves the parser at the first mistake; never leaves <see cref="Rule.TryCompile"/>.</summary>
internal sealed class MistakeException(int position, string message) : Exception(message)
{
    public RuleMistake Mistake { get; } = new(position, message);
}
