namespace ClosedLoop.Streaming.States;

/// <summary>Brings facts and messages from where they were saved into the log. Until that is done, the log says less than the states.</summary>
public interface IRelay
{
    /// <summary>All that was saved so far is in the log.</summary>
    bool IsDrained { get; }
}
