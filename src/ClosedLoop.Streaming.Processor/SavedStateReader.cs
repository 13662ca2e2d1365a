using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Processor;

/// <summary>States of all partitions as their owners saved them last, whichever process that was; never older than the last finished step.</summary>
public sealed class SavedStateReader(ISavedStates states, ILog log) : IStateReader
{
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);
    private long _failedAt;
    private string? _failure;

    public int Partitions => log.Partitions;

    public string? Unavailable => _failure is not null && System.Diagnostics.Stopwatch.GetElapsedTime(_failedAt) < _again ? _failure : null;

    public byte[]? Read(int partition, ReadOnlySpan<byte> shelfKey)
    {
        try
        {
            var state = states.ReadAsync(partition, shelfKey.ToArray(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            _failure = null;
            return state;
        }
        catch (LogUnavailableException e)
        {
            (_failedAt, _failure) = (System.Diagnostics.Stopwatch.GetTimestamp(), $"The states cannot be read now: {e.Reason}. Try again in a moment.");
            throw;
        }
    }
}
