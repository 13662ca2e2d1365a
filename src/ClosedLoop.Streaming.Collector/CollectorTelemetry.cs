using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The doors that count hits.</summary>
internal enum DoorIndex { Pixel, Redirect, Form, Consent, Events, Import, Count }

/// <summary>
/// What the doors count. Cells are plain numbers that a scrape reads, because a hit that had to look its labels up would spend
/// more on being counted than on being checked.
/// </summary>
public sealed class CollectorTelemetry : IDisposable
{
    public const string MeterName = "ClosedLoop.Streaming.Collector";

    private static readonly string[] Doors = ["pixel", "redirect", "form", "consent", "events", "import"];

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<string, long[]> _accepted = new();
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];
    private readonly Counter<long> _totals, _unavailable, _duplicates;

    public CollectorTelemetry()
    {
        _meter.CreateObservableCounter("closedloop_hits_accepted_total", Accepted, description: "Hits made durable, by site and door.");
        _meter.CreateObservableCounter("closedloop_hits_refused_total", RefusedCounts, description: "Hits that could not be understood, by reason.");
        _totals = _meter.CreateCounter<long>("closedloop_hits_totals_only_total", description: "Hits counted without an id, by reason.");
        _unavailable = _meter.CreateCounter<long>("closedloop_hits_unavailable_total", description: "Requests answered 503 because the log could not confirm, by door.");
        _duplicates = _meter.CreateCounter<long>("closedloop_hits_duplicate_total", description: "Events that came twice in one request.");
    }

    internal Meter Meter => _meter;

    /// <summary>The cells of a site, one per door; kept for the life of the process, so that counters never go back.</summary>
    internal long[] Cells(string site) => _accepted.GetOrAdd(site, static _ => new long[(int)DoorIndex.Count]);

    internal void Refused(Refusal refusal) => Interlocked.Increment(ref _refused[(int)refusal]);

    internal void TotalsOnly(string reason) => _totals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Unavailable(string door) => _unavailable.Add(1, new KeyValuePair<string, object?>("door", door));

    internal void Duplicates(int count) => _duplicates.Add(count);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Accepted()
    {
        foreach (var (site, cells) in _accepted)
            for (var door = 0; door < cells.Length; door++)
                if (Volatile.Read(ref cells[door]) is > 0 and var count)
                    yield return new(count, new("site", site), new("door", Doors[door]));
    }

    private IEnumerable<Measurement<long>> RefusedCounts()
    {
        for (var i = 1; i < _refused.Length; i++)
            if (Volatile.Read(ref _refused[i]) is > 0 and var count)
                yield return new(count, new KeyValuePair<string, object?>("reason", ((Refusal)i).Name()));
    }
}
