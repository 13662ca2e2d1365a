using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>The room's instruments.</summary>
public sealed class WarehouseTelemetry : IDisposable
{
    public const string MeterName = "ClosedLoop.Streaming.Warehouse";

    private readonly Meter _meter = new(MeterName);
    private readonly ActivitySource _traces = new(MeterName);
    private readonly Counter<long> _rows;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _unreadable;
    private readonly Histogram<double> _insertSeconds;
    private readonly Counter<long> _portQueries;

    public WarehouseTelemetry()
    {
        _rows = _meter.CreateCounter<long>("closedloop_warehouse_rows_total", null, "Rows that are in, by table.");
        _failures = _meter.CreateCounter<long>("closedloop_warehouse_insert_failures_total", null, "Attempts of inserts that failed, by table.");
        _unreadable = _meter.CreateCounter<long>("closedloop_warehouse_unreadable_facts_total", null, "Facts that no table could take.");
        _insertSeconds = _meter.CreateHistogram<double>("closedloop_warehouse_insert_seconds", "s", "One insert, by table.");
        _portQueries = _meter.CreateCounter<long>("closedloop_warehouse_port_queries_total", null, "Queries to the ClickHouse port, by outcome.");
    }

    internal void Observe(Func<long> lag) =>
        _meter.CreateObservableGauge("closedloop_warehouse_lag_facts", lag, null, "Facts in the log that are not in the warehouse yet.");

    /// <summary>A span of one insert; null when nobody collects traces.</summary>
    internal Activity? Inserting(string table, int rows) =>
        _traces.StartActivity("insert", ActivityKind.Client)?.SetTag("table", table).SetTag("rows", rows);

    internal void Inserted(string table, int rows) => _rows.Add(rows, new KeyValuePair<string, object?>("table", table));

    internal void InsertFailed(string table) => _failures.Add(1, new KeyValuePair<string, object?>("table", table));

    internal void InsertTook(string table, TimeSpan took) => _insertSeconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("table", table));

    internal void Unreadable(int facts)
    {
        if (facts > 0) _unreadable.Add(facts);
    }

    internal void PortAnswered(string outcome) => _portQueries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose()
    {
        _meter.Dispose();
        _traces.Dispose();
    }
}
