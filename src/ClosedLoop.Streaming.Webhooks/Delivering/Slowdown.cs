namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// How an endpoint that says "too much" (429, 502, 503, 504) is slowed down as a whole: 1 s, doubling to 5 minutes, or what it asked for.
/// A success ends it. Pure.
/// </summary>
/// <param name="UntilMs">Unix ms before which no attempt of the endpoint begins; 0 when it isn't slowed down.</param>
/// <param name="Times">How often it said so in a row.</param>
public readonly record struct Slowdown(long UntilMs, int Times)
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan DelayMax = TimeSpan.FromMinutes(5);

    public static Slowdown None => default;

    /// <param name="retryAfterMs">What the endpoint asked for, already bounded; 0 for nothing.</param>
    public Slowdown Again(long nowMs, long retryAfterMs)
    {
        // 2^9 seconds are over five minutes: the shift needs no more.
        var delay = Math.Min((long)FirstDelay.TotalMilliseconds << Math.Min(Times, 9), (long)DelayMax.TotalMilliseconds);
        var until = nowMs + Math.Max(delay, retryAfterMs);
        // Several answers to requests that were under way together count once.
        return nowMs < UntilMs ? this with { UntilMs = Math.Max(UntilMs, nowMs + retryAfterMs) } : new Slowdown(until, Times + 1);
    }

    public bool Holds(long nowMs) => nowMs < UntilMs;
}
