namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Which log this is. Offsets mean something in one log only: whoever keeps positions elsewhere (states in Redis) keeps this word beside them
/// and refuses to go on with another log.
/// </summary>
public interface ILogIdentity
{
    /// <summary>Drawn when the log was made; 1 to 64 characters.</summary>
    string Identity { get; }
}
