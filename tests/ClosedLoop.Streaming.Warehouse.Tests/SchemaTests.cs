using ClosedLoop.Streaming.Warehouse.Tables;

namespace ClosedLoop.Streaming.Warehouse.Tests;

public sealed class SchemaTests(Chdb chdb)
{
    [Fact]
    public async Task Columns_of_the_tables_are_those_of_the_schema_in_name_and_kind()
    {
        foreach (var table in new FactSorter().Prototypes)
        {
            var query = new WarehouseQuery("SELECT name, type FROM system.columns WHERE database = 'closedloop' AND table = {table:String} AND default_kind != 'ALIAS'")
            {
                Parameters = new Dictionary<string, string> { ["table"] = table.Name },
            };
            var columns = await chdb.Warehouse.RowsAsync(query, Chdb.Cancel);
            var inSchema = columns.ToDictionary(row => row[0].GetString()!, row => row[1].GetString()!.Replace("LowCardinality(String)", "String"));
            var inCode = table.Columns.ToDictionary(column => column.Name, column => column.Type);
            Assert.Equal(inSchema.OrderBy(c => c.Key, StringComparer.Ordinal), inCode.OrderBy(c => c.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_table_of_the_contract_is_there() => Assert.Superset(
        new HashSet<string>
        {
            "events", "sessions", "lead_links", "touches", "conversions", "credits", "segment_changes", "stage_changes", "deals", "costs",
            "refused_hits", "totals",
        }, SchemaScript.Tables.ToHashSet());

    [Fact]
    public async Task Applying_again_changes_nothing()
    {
        await SchemaScript.ApplyAsync(chdb.Warehouse, synced: false, Chdb.Cancel);
        var count = await chdb.Warehouse.ValueAsync(new WarehouseQuery("SELECT count() - uniqExact(name, hash) FROM schema_versions"), Chdb.Cancel);
        Assert.Equal("0", count);
    }

    [Fact]
    public async Task Tables_sync_exactly_when_the_durability_is_disk_also_when_nobody_noted_it()
    {
        var unsynced = new WarehouseQuery("SELECT countIf(engine_full LIKE '%fsync_after_insert = 0%'), countIf(engine_full LIKE '%fsync_after_insert = 1%') FROM system.tables "
            + "WHERE database = 'closedloop' AND engine LIKE '%MergeTree' AND name != 'schema_versions'");
        Assert.Equal($"{SchemaScript.Tables.Count}\t0", await chdb.Warehouse.ValueAsync(unsynced, Chdb.Cancel));
        await SchemaScript.ApplyAsync(chdb.Warehouse, synced: true, Chdb.Cancel);
        Assert.Equal($"0\t{SchemaScript.Tables.Count}", await chdb.Warehouse.ValueAsync(unsynced, Chdb.Cancel));
        await SchemaScript.ApplyAsync(chdb.Warehouse, synced: false, Chdb.Cancel);
        Assert.Equal($"{SchemaScript.Tables.Count}\t0", await chdb.Warehouse.ValueAsync(unsynced, Chdb.Cancel));
    }

    [Fact]
    public async Task Every_view_can_be_read()
    {
        var views = await chdb.Warehouse.RowsAsync(new WarehouseQuery("SELECT name FROM system.tables WHERE database = 'closedloop' AND engine = 'View'"), Chdb.Cancel);
        Assert.True(views.Count >= 10);
        foreach (var view in views)
            await chdb.Warehouse.ReadAsync(new WarehouseQuery($"SELECT * FROM {view[0].GetString()} LIMIT 1"), Chdb.Cancel);
    }

    [Fact]
    public void Statements_are_split_at_semicolons_that_end_a_line()
    {
        var statements = SchemaScript.Statements("-- c;\nCREATE a (';');\n\nCREATE b\n(\n x\n);\n");
        Assert.Equal(["CREATE a (';')", "CREATE b\n(\n x\n)"], statements);
    }
}
