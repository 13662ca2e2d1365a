using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Webhooks;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>An endpoint; only <c>url</c> is needed. In a change an absent field is left as it is, null sets the default again.</summary>
internal sealed record WebhookBody
{
    public string? Url { get; init; }
    public IReadOnlyList<string>? Events { get; init; }
    public IReadOnlyList<string>? Segments { get; init; }
    public IReadOnlyList<string>? Include { get; init; }
    public bool? First { get; init; }
    public bool? History { get; init; }
    public string? Site { get; init; }
    public bool? Paused { get; init; }
    /// <summary>false: an endpoint that answered 410 gets messages again.</summary>
    public bool? Disabled { get; init; }
    /// <summary>true in a change: a new secret; the old one signs beside it for a day.</summary>
    public bool? RotateSecret { get; init; }
}

/// <param name="Secret">Shown once, when it was made; null at all other times.</param>
internal sealed record WebhookView(
    string Id, string Url, IReadOnlyList<string> Events, IReadOnlyList<string> Segments, IReadOnlyList<string> Include, bool First, bool History,
    string? Site, bool Paused, bool Disabled, string? Secret, string? CreatedAt, long Version, DeliveryStatus Status)
{
    public static WebhookView Of(WebhookEndpoint e, EndpointStatus status, string? secret = null) => new(
        e.Id, e.Url, e.Events, e.Segments, e.Include, e.First, e.History, e.Site, e.Paused, e.Disabled, secret, ApiJson.Time(e.CreatedMs), e.Version,
        DeliveryStatus.Of(status));
}

/// <param name="Dead">Dead letters, which a replay sends again.</param>
internal sealed record DeliveryStatus(int Waiting, int UnderWay, int Dead, string? SlowedUntil)
{
    public static DeliveryStatus Of(EndpointStatus status) => new(status.Waiting, status.UnderWay, status.Dead, ApiJson.Time(status.SlowedUntilMs));
}

/// <param name="Outcome">delivered, failed (will be tried again), dead (given up), dropped.</param>
internal sealed record DeliveryView(string Id, string Type, string? At, int Attempt, int Status, string Outcome, double DurationMs, string? Detail);

internal sealed record DeadLetterView(string Id, string Type, string? CreatedAt, string? DiedAt, int Attempts, int Status, string Reason);

internal sealed record DeliveriesView(string Endpoint, DeliveryStatus Status, IReadOnlyList<DeliveryView> Deliveries, IReadOnlyList<DeadLetterView> DeadLetters);

/// <param name="Outcome">success, status, gone, slow, timeout, broken, unresolved, refused.</param>
internal sealed record TestView(string Id, string Outcome, int Status, double DurationMs, string? Detail);

/// <summary>Which dead letters to send again; all when nothing is said.</summary>
internal sealed record ReplayBody
{
    /// <summary>ISO 8601; only what was given up since then.</summary>
    public string? Since { get; init; }
    /// <summary>Values of webhook-id.</summary>
    public IReadOnlyList<string>? Ids { get; init; }
}

internal sealed record ReplayView(int Replayed);
