namespace ClosedLoop.Streaming.Webhooks;

/// <summary>What only the messenger knows, asked in a process that is not it.</summary>
public sealed class MessengerElsewhereException() : Exception("Deliveries are with the process that has the role webhooks; this one can't look at them, test or replay.");

/// <summary>Management without the messenger: addresses are checked as it would, the rest is elsewhere.</summary>
internal sealed class DeliveriesElsewhere(RefusalCheck refusals) : IWebhookDeliveries
{
    public IReadOnlyList<DeliveryRecord> History(string endpoint, int max) => throw new MessengerElsewhereException();

    public IReadOnlyList<DeadLetter> DeadLetters(string endpoint, long sinceMs, int max) => throw new MessengerElsewhereException();

    // Part of every view of an endpoint, so that it must not fail: what waits is shown where the messenger is.
    public EndpointStatus Status(string endpoint) => default;

    public Task<int> ReplayAsync(string endpoint, long sinceMs, IReadOnlyList<string>? ids, CancellationToken cancel) => throw new MessengerElsewhereException();

    public Task<TestOutcome> TestAsync(string endpoint, CancellationToken cancel) => throw new MessengerElsewhereException();

    public Task<string?> RefusalAsync(string? url, CancellationToken cancel) => refusals.OfAsync(url, cancel);
}
