namespace ClosedLoop.Streaming.Webhooks;

/// <summary>How one attempt ended, in words that stay the same in metrics and records.</summary>
public enum AttemptEnd
{
    /// <summary>2xx.</summary>
    Success,
    /// <summary>Any other status; a redirect is one and is never followed.</summary>
    Status,
    /// <summary>410: the receiver wants no more.</summary>
    Gone,
    /// <summary>429, 502, 503, 504: the receiver wants less.</summary>
    Slow,
    /// <summary>No answer within the time of one attempt.</summary>
    Timeout,
    /// <summary>Not connected, reset, or no HTTP.</summary>
    Broken,
    /// <summary>The name could not be resolved.</summary>
    Unresolved,
    /// <summary>The address may not be reached.</summary>
    Refused,
    /// <summary>The process is stopping; counts as no attempt.</summary>
    Stopped,
}

/// <param name="Status">HTTP status; 0 without an answer.</param>
/// <param name="RetryAfterMs">What the receiver asked for, bounded; 0 for nothing.</param>
/// <param name="DurationMs">From the beginning of the attempt to the answer's headers.</param>
/// <param name="Detail">A sentence without secrets or personal data, for failures.</param>
public readonly record struct AttemptResult(AttemptEnd End, int Status, long RetryAfterMs, double DurationMs, string? Detail = null)
{
    public bool Succeeded => End == AttemptEnd.Success;

    /// <summary>What a status means (FIELD.md §10).</summary>
    public static AttemptEnd Judge(int status) => status switch
    {
        >= 200 and <= 299 => AttemptEnd.Success,
        410 => AttemptEnd.Gone,
        429 or 502 or 503 or 504 => AttemptEnd.Slow,
        _ => AttemptEnd.Status,
    };
}
