using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Announces what happens in the engine room, each thing once.</summary>
public sealed class ProcessorTelemetry : IDisposable
{
    private const string Room = "ClosedLoop.Streaming.Processor";

    private readonly Meter _meter = new(Room);
    private readonly ActivitySource _traces = new(Room);
    private readonly Counter<long> _hits;
    private readonly Counter<long> _changes;
    private readonly Histogram<double> _step;

    public ProcessorTelemetry()
    {
        _hits = _meter.CreateCounter<long>("closedloop_processor_hits_total", description: "Records of the log that were worked on.");
        _changes = _meter.CreateCounter<long>("closedloop_segment_changes_total", description: "Segments entered and left.");
        _step = _meter.CreateHistogram<double>("closedloop_processor_step_seconds", "s", "From reading a slice to its commit.");
    }

    public void Watch(IReadOnlyCollection<PartitionOwner> owners)
    {
        _meter.CreateObservableGauge("closedloop_processor_lag_hits", () => owners.Where(o => o.IsOpen).Select(o =>
            new Measurement<long>(o.Lag, new KeyValuePair<string, object?>("partition", o.Partition))), description: "Records in the log that wait.");
        _meter.CreateObservableGauge("closedloop_processor_states", () => owners.Where(o => o.IsOpen).Select(o =>
            new Measurement<long>(o.Shelf.Count, new KeyValuePair<string, object?>("partition", o.Partition))), description: "Live states in memory.");
        _meter.CreateObservableGauge("closedloop_processor_state_bytes", () => owners.Where(o => o.IsOpen).Select(o =>
            new Measurement<long>(o.Shelf.Bytes, new KeyValuePair<string, object?>("partition", o.Partition))), "By", "Memory of the live states.");
    }

    /// <summary>A span from reading a slice to its commit; null when nobody collects traces.</summary>
    public Activity? Stepping(int partition, int hits) =>
        _traces.StartActivity("step")?.SetTag("partition", partition).SetTag("hits", hits);

    public void Stepped(int hits, long changes, double seconds)
    {
        _hits.Add(hits);
        if (changes > 0) _changes.Add(changes);
        _step.Record(seconds);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _traces.Dispose();
    }
}
