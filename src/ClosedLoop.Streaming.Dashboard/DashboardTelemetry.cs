using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Announces what happens in management, each thing once.</summary>
public sealed class DashboardTelemetry : IDisposable
{
    public const string MeterName = "ClosedLoop.Streaming.Dashboard";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _refused, _changes, _logins;

    public DashboardTelemetry()
    {
        _refused = _meter.CreateCounter<long>("closedloop_api_refused_total", description: "Management requests that were refused, by code.");
        _changes = _meter.CreateCounter<long>("closedloop_settings_changes_total", description: "Settings changed through the API, by kind.");
        _logins = _meter.CreateCounter<long>("closedloop_dashboard_logins_total", description: "Logins to the pages, by outcome.");
    }

    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <param name="kind">site, link, segment, webhook.</param>
    public void Changed(string kind) => _changes.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <param name="outcome">accepted, refused.</param>
    public void Login(string outcome) => _logins.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => _meter.Dispose();
}
