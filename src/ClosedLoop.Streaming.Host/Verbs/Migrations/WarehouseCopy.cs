using System.Globalization;
using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>
/// Rows table by table, month by month, in slices by their hash. A slice is one insert with a token of its own, and any row of it at the other
/// side says that all of it is there. Tables whose versions replace each other are compared as they will be once merged.
/// </summary>
internal sealed class WarehouseCopy(IWarehouse from, IWarehouse to)
{
    private const int SliceRowsMax = 20_000;

    // Without it columns of few values come in a form of their own, which an insert does not take.
    private static readonly Dictionary<string, string> PlainColumns = new() { ["low_cardinality_allow_in_native_format"] = "0" };

    public async Task CopyAsync(string table, CancellationToken cancel)
    {
        var columns = await ColumnsAsync(table, cancel);
        var parts = await from.RowsAsync(new WarehouseQuery($"SELECT _partition_id, count() FROM closedloop.{table} GROUP BY 1 ORDER BY 1"), cancel);
        foreach (var part in parts)
        {
            var rows = long.Parse(part[1].GetString()!, CultureInfo.InvariantCulture);
            var slices = (int)((rows + SliceRowsMax - 1) / SliceRowsMax);
            for (var slice = 0; slice < slices; slice++) await CopyAsync(table, columns, part[0].GetString()!, slices, slice, cancel);
        }
    }

    /// <summary>Count and checksum of the table on both sides.</summary>
    public async Task<(string From, string To)> SumAsync(string table, CancellationToken cancel)
    {
        var columns = await ColumnsAsync(table, cancel);
        var engine = await from.ValueAsync(new WarehouseQuery($"SELECT engine FROM system.tables WHERE database = 'closedloop' AND name = '{table}'"), cancel);
        var merged = engine.StartsWith("Replacing", StringComparison.Ordinal) ? " FINAL" : "";
        var query = new WarehouseQuery($"SELECT count(), sum(cityHash64({string.Join(", ", columns)})) FROM closedloop.{table}{merged}");
        return (await from.ValueAsync(query, cancel), await to.ValueAsync(query, cancel));
    }

    private async Task CopyAsync(string table, List<string> columns, string part, int slices, int slice, CancellationToken cancel)
    {
        var list = string.Join(", ", columns);
        var here = $"FROM closedloop.{table} WHERE _partition_id = {{part:String}} AND cityHash64({list}) % {slices} = {slice}";
        var query = new WarehouseQuery($"SELECT count() {here}") { Parameters = new Dictionary<string, string> { ["part"] = part } };
        var rows = int.Parse(await from.ValueAsync(query, cancel), CultureInfo.InvariantCulture);
        if (rows == 0 || await to.ValueAsync(query, cancel) != "0") return;
        var bytes = await from.ReadAsync(query with { Sql = $"SELECT {list} {here}", Format = "Native", Settings = PlainColumns }, cancel);
        await to.InsertAsync(new NativeBlock(table, columns, rows, bytes), $"migrate-{table}-{part}-{slices}-{slice}-{rows}", cancel);
    }

    private async Task<List<string>> ColumnsAsync(string table, CancellationToken cancel) =>
    [
        .. (await from.RowsAsync(new WarehouseQuery(
            $"SELECT name FROM system.columns WHERE database = 'closedloop' AND table = '{table}' AND default_kind NOT IN ('ALIAS', 'MATERIALIZED') ORDER BY position"), cancel))
            .Select(row => row[0].GetString()!),
    ];
}
