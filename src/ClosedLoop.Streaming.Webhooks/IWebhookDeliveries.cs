namespace ClosedLoop.Streaming.Webhooks;

/// <summary>What the management routes of CONTRACT.md §4 need: looking, testing, replaying. Endpoints are named by their id.</summary>
public interface IWebhookDeliveries
{
    /// <summary>The newest attempts and endings, newest first.</summary>
    /// <param name="max">At most <see cref="WebhooksOptions.HistoryMax"/>.</param>
    IReadOnlyList<DeliveryRecord> History(string endpoint, int max);

    /// <summary>What was given up and can be replayed, oldest first.</summary>
    /// <param name="sinceMs">Unix ms of giving up; 0 for all.</param>
    IReadOnlyList<DeadLetter> DeadLetters(string endpoint, long sinceMs, int max);

    EndpointStatus Status(string endpoint);

    /// <summary>
    /// Sends dead letters again from the first attempt on, with the ids that they had, and makes those that wait for their next attempt
    /// due at once. Returns how many; at most <see cref="ReplayMax"/> at a call, oldest first.
    /// </summary>
    /// <param name="sinceMs">Unix ms of giving up; 0 for all.</param>
    /// <param name="ids">Values of <c>webhook-id</c>; null or empty: all since then. Unknown ones are passed over.</param>
    Task<int> ReplayAsync(string endpoint, long sinceMs, IReadOnlyList<string>? ids, CancellationToken cancel);

    /// <summary>Sends one signed test message, once, also when the endpoint is paused, and waits for the answer.</summary>
    /// <exception cref="KeyNotFoundException">There is no such endpoint.</exception>
    Task<TestOutcome> TestAsync(string endpoint, CancellationToken cancel);

    /// <summary>Null when the URL may be registered; otherwise a sentence for the user. A name that has no address now is accepted.</summary>
    Task<string?> RefusalAsync(string? url, CancellationToken cancel);

    /// <summary>Dead letters moved by one replay.</summary>
    public const int ReplayMax = 10_000;
}

/// <param name="Waiting">Deliveries that wait or are under way.</param>
/// <param name="Dead">Dead letters kept.</param>
/// <param name="SlowedUntilMs">Unix ms until which the endpoint asked for less; 0 when it didn't.</param>
public readonly record struct EndpointStatus(int Waiting, int UnderWay, int Dead, long SlowedUntilMs);

/// <param name="Id">The header <c>webhook-id</c>.</param>
/// <param name="Outcome">success, status, gone, slow, timeout, broken, unresolved, refused.</param>
/// <param name="Status">HTTP status; 0 without an answer.</param>
/// <param name="Detail">A sentence for failures; null otherwise.</param>
public sealed record TestOutcome(string Id, string Outcome, int Status, double DurationMs, string? Detail);
