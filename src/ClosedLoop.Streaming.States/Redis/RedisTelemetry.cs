using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.States;

/// <summary>The instruments of the states in Redis; the names are those of the embedded ones where they mean the same.</summary>
internal sealed class RedisTelemetry : IDisposable
{
    private readonly Meter _meter = new(StatesTelemetry.MeterName);
    private readonly Counter<long> _commits;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _finished;

    public RedisTelemetry(Func<IEnumerable<RedisOwner>> owners)
    {
        _commits = _meter.CreateCounter<long>("closedloop_states_commits_total", null, "Commits that are durable.");
        _fenced = _meter.CreateCounter<long>("closedloop_states_fenced_total", null, "Commits of owners that a newer one had replaced.");
        _finished = _meter.CreateCounter<long>("closedloop_states_finished_total", null, "Publications that a crash had cut off and an opening finished.");
        Observe("closedloop_states", "States in memory, by partition.", null, owners, o => o.Shelf.Count);
        Observe("closedloop_states_memory_bytes", "Memory taken for states.", "By", owners, o => o.Shelf.Bytes);
    }

    public void Committed() => _commits.Add(1);

    public void Fenced() => _fenced.Add(1);

    public void Finished() => _finished.Add(1);

    public void Dispose() => _meter.Dispose();

    private void Observe(string name, string what, string? unit, Func<IEnumerable<RedisOwner>> owners, Func<RedisOwner, long> value) =>
        _meter.CreateObservableGauge(name, () => owners().Select(o => new Measurement<long>(value(o), new KeyValuePair<string, object?>("partition", o.Partition))), unit, what);
}
