using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Log;

/// <summary>The log's instruments. Recorded once per group, never per hit.</summary>
internal sealed class LogTelemetry : IDisposable
{
    public const string MeterName = "ClosedLoop.Streaming.Log";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _appendSeconds;
    private readonly Histogram<int> _groupHits;
    private readonly Histogram<double> _checkpointSeconds;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _damaged;
    private readonly Counter<long> _expired;

    public LogTelemetry()
    {
        _appendSeconds = _meter.CreateHistogram<double>("closedloop_log_append_seconds", "s", "From the first append of a group to its confirmation.");
        _groupHits = _meter.CreateHistogram<int>("closedloop_log_group_hits", null, "Appends that shared one transaction.");
        _checkpointSeconds = _meter.CreateHistogram<double>("closedloop_log_checkpoint_seconds", "s", "Copying the write-ahead file.");
        _refusals = _meter.CreateCounter<long>("closedloop_log_refusals_total", null, "Appends and units that were not stored, by reason.");
        _damaged = _meter.CreateCounter<long>("closedloop_log_damaged_records_total", null, "Offsets that can't be read any more.");
        _expired = _meter.CreateCounter<long>("closedloop_log_expired_records_total", null, "Offsets that retention took.");
    }

    public void Observe(Func<long> queueBytes, Func<long> fileBytes)
    {
        _meter.CreateObservableGauge("closedloop_log_queue_bytes", queueBytes, "By", "Bytes that wait for the committer.");
        _meter.CreateObservableGauge("closedloop_log_bytes", fileBytes, "By", "Bytes of the database and its write-ahead file.");
    }

    public void Observe(Func<long> queueBytes) =>
        _meter.CreateObservableGauge("closedloop_log_broker_queue_bytes", queueBytes, "By", "Bytes that wait for the broker.");

    /// <summary>One record of the log on Kafka, from its append to its confirmation.</summary>
    public void Appended(TimeSpan took) => _appendSeconds.Record(took.TotalSeconds);

    public void Committed(Group group)
    {
        if (group.Hits == 0) return;
        _appendSeconds.Record(Stopwatch.GetElapsedTime(group.OpenedAt).TotalSeconds);
        _groupHits.Record(group.Hits);
    }

    public void Refused(string reason, int count) => _refusals.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void Checkpointed(TimeSpan took) => _checkpointSeconds.Record(took.TotalSeconds);

    public void Damaged(LogDamage damage) => _damaged.Add(damage.Count, new KeyValuePair<string, object?>("topic", Word(damage.Topic)));

    public void Expired(Topic topic, long count) => _expired.Add(count, new KeyValuePair<string, object?>("topic", Word(topic)));

    public void Dispose() => _meter.Dispose();

    private static string Word(Topic topic) => topic switch { Topic.Hits => "hits", Topic.Facts => "facts", _ => "settings" };
}
