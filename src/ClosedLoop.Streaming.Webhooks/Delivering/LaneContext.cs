using ClosedLoop.Streaming.Settings;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>What all lanes share.</summary>
internal sealed partial class LaneContext(
    WebhooksOptions options, TimeProvider time, IAttemptSender sender, IDeliveryStore store, IEndpointSwitch endpoints,
    WebhooksTelemetry telemetry, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Action _wake = static () => { };

    public WebhooksOptions Options { get; } = options;
    public TimeProvider Time { get; } = time;
    public IAttemptSender Sender { get; } = sender;
    public IDeliveryStore Store { get; } = store;
    public WebhooksTelemetry Telemetry { get; } = telemetry;
    public ILogger Log => logger;
    public DeliveryLoad Load { get; } = new(options);
    public SharedPlaces Places { get; } = new(options.SharedMax);
    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();
    /// <summary>Requests under way are cut off.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>There is something to write down, some time soon.</summary>
    public void Wake() => _wake();

    public void OnWake(Action wake) => _wake = wake;

    public void CutOff() => _stopping.Cancel();

    /// <summary>A lane already stopped by itself; a failure here only means that a later message is answered 410 once more.</summary>
    public async Task DisableAsync(WebhookEndpoint endpoint)
    {
        Gone(endpoint.Id);
        try { await endpoints.DisableAsync(endpoint.Id, endpoint.Version, Stopping).ConfigureAwait(false); }
        catch (Exception e) when (e is not OutOfMemoryException) { NotDisabled(e, endpoint.Id); }
    }

    public void Dispose() => _stopping.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook endpoint {Endpoint} did not take a message in {Attempts} attempts; it can be replayed (told once until a message arrives)")]
    public partial void Exhausted(string endpoint, int attempts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "For webhook endpoint {Endpoint} more messages wait than may; further ones are dead letters that can be replayed (told once until a message arrives)")]
    public partial void Overflows(string endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook endpoint {Endpoint} answered 410 and gets no more messages")]
    private partial void Gone(string endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook endpoint {Endpoint} could not be disabled in the settings")]
    private partial void NotDisabled(Exception e, string endpoint);
}
