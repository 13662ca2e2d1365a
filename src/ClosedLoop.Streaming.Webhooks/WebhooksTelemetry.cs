using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Meter <c>ClosedLoop.Streaming.Webhooks</c>; names as CONTRACT.md §9 has them.</summary>
public sealed class WebhooksTelemetry : IDisposable
{
    public const string MeterName = "ClosedLoop.Streaming.Webhooks";

    private readonly Meter _meter = new(MeterName);
    private readonly ActivitySource _traces = new(MeterName);
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _unread;
    private readonly Histogram<double> _seconds;
    private Func<int> _pending = static () => 0;

    public WebhooksTelemetry()
    {
        _deliveries = _meter.CreateCounter<long>("closedloop_webhook_deliveries_total", description: "Attempts and endings by outcome");
        _unread = _meter.CreateCounter<long>("closedloop_webhook_unreadable_facts_total", description: "Facts that are no record");
        _seconds = _meter.CreateHistogram<double>("closedloop_webhook_seconds", "s", "From the beginning of an attempt to the answer's headers");
        _meter.CreateObservableGauge("closedloop_webhook_pending", () => _pending(), description: "Deliveries that wait for success");
    }

    public void Watch(Func<int> pending) => _pending = pending;

    /// <summary>A span of one attempt; null when nobody collects traces.</summary>
    public Activity? Attempting(string endpoint) => _traces.StartActivity("attempt", ActivityKind.Client)?.SetTag("endpoint", endpoint);

    /// <summary>An attempt ended: success, status, gone, slow, timeout, broken, unresolved, refused.</summary>
    public void Attempted(in AttemptResult result)
    {
        if (result.End == AttemptEnd.Stopped) return;
        _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", Word(result.End)));
        _seconds.Record(result.DurationMs / 1000);
    }

    /// <summary>A delivery ended without an attempt: dead, dropped.</summary>
    public void Ended(string outcome) => _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Dead letters over their count or age were deleted.</summary>
    public void Expired(int count) => _deliveries.Add(count, new KeyValuePair<string, object?>("outcome", "expired"));

    public void Unreadable() => _unread.Add(1);

    public void Dispose()
    {
        _meter.Dispose();
        _traces.Dispose();
    }

    internal static string Word(AttemptEnd end) => end switch
    {
        AttemptEnd.Success => "success",
        AttemptEnd.Status => "status",
        AttemptEnd.Gone => "gone",
        AttemptEnd.Slow => "slow",
        AttemptEnd.Timeout => "timeout",
        AttemptEnd.Broken => "broken",
        AttemptEnd.Unresolved => "unresolved",
        AttemptEnd.Refused => "refused",
        _ => "stopped",
    };
}
