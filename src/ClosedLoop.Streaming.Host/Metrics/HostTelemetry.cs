using System.Diagnostics.Metrics;
using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Host.Metrics;

/// <summary>The process itself: which roles it has, which of them can work, what memory it takes.</summary>
internal sealed class HostTelemetry : IDisposable
{
    private readonly Meter _meter = new("ClosedLoop.Streaming.Host");

    public HostTelemetry(HostSettings settings, Readiness readiness)
    {
        _meter.CreateObservableGauge("closedloop_role_ready",
            () => settings.Roles.Select(role => new Measurement<int>(readiness.MissingOf(role).Count == 0 ? 1 : 0, new KeyValuePair<string, object?>("role", role))),
            null, "1 when the role has all it needs to do its own work, 0 while something is missing (/health/ready names it).");
        _meter.CreateObservableGauge("closedloop_process_memory_bytes", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        _meter.CreateObservableGauge("closedloop_process_heap_bytes", () => GC.GetTotalMemory(false), "By", "Managed memory in use.");
    }

    public void Dispose() => _meter.Dispose();
}
