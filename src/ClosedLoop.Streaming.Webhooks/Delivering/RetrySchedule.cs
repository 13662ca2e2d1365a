using System.Runtime.InteropServices;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// When to try again: Standard Webhooks' schedule, each delay counted from the failure before it (75.6 hours in all).
/// Pure: chance comes from the message's id, so that a simulation replays.
/// </summary>
public static class RetrySchedule
{
    /// <summary>Part of the delay that is added at most, so that failures caused by our own load don't come back together.</summary>
    public const double JitterMax = 0.10;

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Attempts of one delivery, the first included; then it is a dead letter.</summary>
    public static int AttemptsMax => Delays.Length;

    /// <summary>The delay before the next attempt without jitter.</summary>
    /// <param name="attempts">Attempts made so far, 0 to <see cref="AttemptsMax"/> − 1.</param>
    public static TimeSpan Delay(int attempts) => Delays[attempts];

    /// <summary>
    /// Unix ms of the next attempt: the delay, up to a tenth more, and never before what the receiver asked for.
    /// Null when all attempts are used up.
    /// </summary>
    /// <param name="attempts">Attempts made so far, at least 1.</param>
    /// <param name="failedMs">Unix ms at which the last one failed.</param>
    /// <param name="retryAfterMs">What <c>Retry-After</c> asked for, already bounded; 0 for nothing.</param>
    public static long? NextMs(int attempts, long failedMs, long retryAfterMs, Id message)
    {
        if (attempts >= AttemptsMax) return null;
        var delay = Delays[attempts].TotalMilliseconds;
        var jitter = delay * JitterMax * Chance(message, attempts);
        return failedMs + Math.Max((long)(delay + jitter), retryAfterMs);
    }

    /// <summary>A number in [0, 1) that looks like chance and is the same at each run.</summary>
    private static double Chance(Id message, int attempts)
    {
        ReadOnlySpan<ulong> seed = [message.High, message.Low];
        return (XxHash.Hash64(MemoryMarshal.AsBytes(seed), (ulong)attempts) >> 11) * (1.0 / (1UL << 53));
    }
}
