using ClosedLoop.Streaming.Webhooks;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>A messenger that sends nothing: it checks addresses for real and says what it is told to.</summary>
internal sealed class Deliveries : IWebhookDeliveries
{
    private readonly AddressGuard _guard = new(["10.1.0.0/16"]);

    public List<(string Endpoint, long Since, IReadOnlyList<string>? Ids)> Replays { get; } = [];

    public IReadOnlyList<DeliveryRecord> History(string endpoint, int max) =>
        [new DeliveryRecord("msg_1", MessageType.SegmentEntered, 1_700_000_000_123, 2, 500, "failed", 12.3456, "The endpoint answered 500.")];

    public IReadOnlyList<DeadLetter> DeadLetters(string endpoint, long sinceMs, int max) => [new DeadLetter("msg_0", MessageType.SegmentLeft, 1, 2, 10, 500, "exhausted")];

    public EndpointStatus Status(string endpoint) => new(3, 1, 2, 0);

    public Task<int> ReplayAsync(string endpoint, long sinceMs, IReadOnlyList<string>? ids, CancellationToken cancel)
    {
        Replays.Add((endpoint, sinceMs, ids));
        return Task.FromResult(2);
    }

    public Task<TestOutcome> TestAsync(string endpoint, CancellationToken cancel) => Task.FromResult(new TestOutcome("msg_t", "success", 204, 1.5, null));

    public Task<string?> RefusalAsync(string? url, CancellationToken cancel) =>
        Task.FromResult(WebhookUrl.TryParse(url, _guard, out _, out var reason) ? null : reason);
}
