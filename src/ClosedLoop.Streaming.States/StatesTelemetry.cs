using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.States;

/// <summary>The instruments of the states. Recorded once per commit, snapshot or step, never per state.</summary>
internal sealed class StatesTelemetry : IDisposable
{
    public const string MeterName = "ClosedLoop.Streaming.States";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _commits;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _compacted;
    private readonly Counter<long> _failures;

    public StatesTelemetry(Func<IEnumerable<PartitionOwner>> owners)
    {
        _commits = _meter.CreateCounter<long>("closedloop_states_commits_total", null, "Commits that are durable.");
        _fenced = _meter.CreateCounter<long>("closedloop_states_fenced_total", null, "Commits of owners that a newer one had replaced.");
        _compacted = _meter.CreateCounter<long>("closedloop_states_compacted_bytes_total", "By", "Bytes of chunks that were rewritten because most of them was superseded.");
        _failures = _meter.CreateCounter<long>("closedloop_states_compaction_failures_total", null, "Partitions whose compaction stopped until they are opened again.");
        Observe("closedloop_states", "States in memory, by partition.", null, owners, o => o.Shelf.Count);
        Observe("closedloop_states_memory_bytes", "Memory taken for states.", "By", owners, o => o.Shelf.Bytes);
        Observe("closedloop_states_live_bytes", "Bytes of chunks that are the newest copy of their state.", "By", owners, o => o.Shelf.LiveBytesTotal);
        Observe("closedloop_states_chunk_bytes", "Bytes of all chunks of the live states.", "By", owners, o => o.Chunks.Bytes);
    }

    public void Committed() => _commits.Add(1);

    public void Fenced() => _fenced.Add(1);

    public void Compacted(long bytes) => _compacted.Add(bytes);

    public void CompactionFailed() => _failures.Add(1);

    public void Dispose() => _meter.Dispose();

    private void Observe(string name, string what, string? unit, Func<IEnumerable<PartitionOwner>> owners, Func<PartitionOwner, long> value) =>
        _meter.CreateObservableGauge(name, () => owners().Select(o => new Measurement<long>(value(o), new KeyValuePair<string, object?>("partition", o.Partition))), unit, what);
}
