namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Which log this is. Offsets mean something in one log only: whoever keeps positions elsewhere (states in Redis) keeps this word beside them
/// and refuses to go on with another log.
/// </summary>
public interface ILogIdentity
{
    /// <summary>Drawn when the log was made; 1 to 64 characters.</summary>
    string Identity { get; }

    /// <summary>
    /// An append that was begun so long ago is confirmed, or is never stored any more; whoever takes over somebody's unfinished appends waits so
    /// long before he looks which of them are there. Zero where nobody else can have any under way.
    /// </summary>
    TimeSpan AppendMax { get; }
}
