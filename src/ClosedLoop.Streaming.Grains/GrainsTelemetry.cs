using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Grains;

/// <summary>Announces what happens between owners and grains, each thing once.</summary>
public sealed class GrainsTelemetry : IDisposable
{
    private readonly Meter _meter = new("ClosedLoop.Streaming.Grains");
    private readonly Counter<long> _calls, _repeated, _reloads;

    public GrainsTelemetry()
    {
        _calls = _meter.CreateCounter<long>("closedloop_grains_calls_total", description: "Batches that grains have answered.");
        _repeated = _meter.CreateCounter<long>("closedloop_grains_repeated_total", description: "Calls that had to be made again.");
        _reloads = _meter.CreateCounter<long>("closedloop_grains_reloads_total", description: "States that grains read from where they are saved.");
    }

    public void Called() => _calls.Add(1);

    public void Repeated() => _repeated.Add(1);

    public void Reloaded() => _reloads.Add(1);

    public void Dispose() => _meter.Dispose();
}
