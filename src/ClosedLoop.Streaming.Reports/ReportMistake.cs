namespace ClosedLoop.Streaming.Reports;

/// <summary>A parameter that can't be used: what was wrong and what is allowed. Answered 400.</summary>
public sealed class ReportMistake(string parameter, string message) : Exception(message)
{
    public string Parameter { get; } = parameter;
}
