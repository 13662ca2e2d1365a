using System.Globalization;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Host.Verbs.Replays;

/// <summary>The warehouse's side of a replay: what it holds, counted so that corrections and repetitions don't matter, and emptying it.</summary>
internal sealed class ReplayWarehouse(IWarehouse warehouse)
{
    // Of tables with versions the current rows count; how often a row was corrected depends on how hits were grouped.
    private static readonly (string Table, string Of)[] Tables =
    [
        ("events", "uniqExact(hit_id)"), ("sessions_current", "count()"), ("touches_current", "count()"), ("conversions_current", "count()"),
        ("lead_links_current", "count()"), ("lead_aliases_current", "count()"), ("segment_changes", "uniqExact(fact_id)"), ("stage_changes", "uniqExact(fact_id)"),
        ("credits", "uniqExact(fact_id)"), ("refused_hits", "uniqExact(hit_id)"), ("totals", "count()"),
    ];

    public async Task<Dictionary<string, long>> CountAsync(CancellationToken cancel)
    {
        var counts = new Dictionary<string, long>();
        foreach (var (table, of) in Tables)
            counts[table] = long.Parse(await warehouse.ValueAsync(new WarehouseQuery($"SELECT {of} FROM closedloop.{table}"), cancel), CultureInfo.InvariantCulture);
        return counts;
    }

    public async Task EmptyAsync(CancellationToken cancel)
    {
        var tables = await warehouse.RowsAsync(new WarehouseQuery("SELECT name FROM system.tables WHERE database = 'closedloop' AND engine LIKE '%MergeTree' ORDER BY name"), cancel);
        foreach (var table in tables) await warehouse.ExecuteAsync($"TRUNCATE TABLE closedloop.`{table[0].GetString()}`", cancel);
    }
}
