using System.Text.Json;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Server;
using ClosedLoop.Streaming.Warehouse.Tables;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>What every warehouse promises. The adapters share one engine here, so each run writes under a site of its own.</summary>
public abstract class WarehouseContract
{
    protected abstract IWarehouse Warehouse { get; }

    private readonly string _site = "c" + Guid.NewGuid().ToString("n")[..12];

    [Fact]
    public async Task An_event_arrives_with_its_columns()
    {
        await Insert("event", Event("one", Facts.Start, hit => hit
            .Add(Field.Revenue, 1_299_000).Add(Field.Currency, "EUR").Add(Field.OrderId, "O-1").Add(Field.Properties, "{\"a\":\"ß\\n\"}")));
        var row = Assert.Single(await Rows("SELECT event, page_urlpath, revenue, currency, properties, toString(derived_tstamp), log_partition, log_offset FROM events WHERE site = {site:String}"));
        Assert.Equal(["page_view", "/tents", "129.9", "EUR", "{\"a\":\"ß\\n\"}", "2026-10-26 07:33:20.000", "3", "17"], row);
    }

    [Fact]
    public async Task The_same_token_again_adds_nothing_and_another_one_does()
    {
        var fact = Event("twice", Facts.Start);
        await Insert("token", fact);
        await Insert("token", fact);
        Assert.Equal("1", await Value("SELECT count() FROM events WHERE site = {site:String}"));
        await Insert("other", fact);
        Assert.Equal("2", await Value("SELECT count() FROM events WHERE site = {site:String}"));
    }

    [Fact]
    public async Task Two_months_in_one_block_are_refused_whole()
    {
        var table = new TotalsTable();
        var reader = new RecordReader();
        foreach (var time in new[] { Facts.Start, Facts.Start + 40L * 86_400_000 })
        {
            Assert.True(reader.TryRead(Facts.Fact(RecordKind.TotalsCounted, "t" + time, time, "", w => w.Add(Field.Name, "page_view"), _site)));
            table.Append(reader, new FactPlace(0, 0));
        }
        await Assert.ThrowsAsync<WarehouseException>(() => Warehouse.InsertAsync(table.Block(1), _site + "-months", Chdb.Cancel));
        Assert.Equal("0", await Value("SELECT count() FROM totals WHERE site = {site:String}"));
    }

    [Fact]
    public async Task A_large_block_arrives_whole()
    {
        const int rows = 20_000;
        var table = new TotalsTable();
        var reader = new RecordReader();
        for (var i = 0; i < rows; i++)
        {
            Assert.True(reader.TryRead(Facts.Fact(RecordKind.TotalsCounted, _site + i, Facts.Start + i, "", w => w.Add(Field.Name, "n" + i % 7).Add(Field.Reason, "gpc"), _site)));
            table.Append(reader, new FactPlace(0, i));
        }
        await Warehouse.InsertAsync(table.Block(1), _site + "-large", Chdb.Cancel);
        Assert.Equal($"{rows}", await Value("SELECT count() FROM totals WHERE site = {site:String}"));
        Assert.Equal(rows, (await Rows("SELECT reason FROM totals WHERE site = {site:String}")).Count);
    }

    [Fact]
    public async Task Parameters_are_values_and_never_syntax()
    {
        foreach (var text in new[] { "'; DROP TABLE events; --", "a\\b\tc\nd", "\\N", "ß'\"`", "", "{x:String}", "0'", "a&b=c+d e%20", new string('x', 5000) })
        {
            var query = new WarehouseQuery("SELECT {text:String} AS t") { Parameters = new Dictionary<string, string> { ["text"] = text } };
            Assert.Equal(text, Assert.Single(await Warehouse.RowsAsync(query, Chdb.Cancel))[0].GetString());
        }
    }

    [Fact]
    public async Task A_failed_query_is_an_exception_with_its_code_and_the_next_one_works()
    {
        var failure = await Assert.ThrowsAsync<WarehouseException>(() => Value("SELECT * FROM nothing_like_this"));
        Assert.Equal((60, "UNKNOWN_TABLE"), (failure.Code, failure.Name));
        Assert.Equal("42", await Value("SELECT 42"));
    }

    [Fact]
    public async Task A_read_that_fails_late_is_an_exception_and_no_half_answer()
    {
        var late = new WarehouseQuery("SELECT throwIf(number = 400000), toString(number) FROM numbers(500000)");
        Assert.Equal(395, (await Assert.ThrowsAsync<WarehouseException>(() => Warehouse.ReadAsync(late, Chdb.Cancel))).Code);
    }

    [Fact]
    public async Task A_read_writes_nothing_and_keeps_its_limits()
    {
        await Assert.ThrowsAsync<WarehouseException>(() => Value("DROP TABLE totals"));
        await Assert.ThrowsAsync<WarehouseException>(() => Value("INSERT INTO totals (site) SELECT 'x'"));
        Assert.Equal("1", await Value("SELECT count() FROM system.tables WHERE database = 'closedloop' AND name = 'totals'"));
        var query = new WarehouseQuery("SELECT number FROM numbers(1000)") { Limits = new QueryLimits { ResultRowsMax = 10 } };
        Assert.Equal(396, (await Assert.ThrowsAsync<WarehouseException>(() => Warehouse.ReadAsync(query, Chdb.Cancel))).Code);
    }

    [Fact]
    public async Task A_long_answer_comes_in_chunks_and_says_what_it_cost()
    {
        await using var answer = await Warehouse.QueryAsync(new WarehouseQuery("SELECT number FROM numbers(200000)") { Format = "TabSeparated" }, Chdb.Cancel);
        var (bytes, chunks) = (0L, 0);
        while (await answer.NextAsync(Chdb.Cancel) is { IsEmpty: false } chunk) (bytes, chunks) = (bytes + chunk.Length, chunks + 1);
        Assert.Equal(Enumerable.Range(0, 200_000).Sum(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture).Length + 1L), bytes);
        Assert.True(chunks > 1);
        Assert.True(answer.Summary.Elapsed > TimeSpan.Zero);
    }

    [Fact]
    public async Task Every_view_can_be_read_and_starting_again_changes_nothing()
    {
        await Warehouse.StartAsync(Chdb.Cancel);
        var views = await Rows("SELECT name FROM system.tables WHERE database = 'closedloop' AND engine = 'View'");
        Assert.True(views.Count >= 10);
        foreach (var view in views) await Warehouse.ReadAsync(new WarehouseQuery($"SELECT * FROM {view[0]} LIMIT 1"), Chdb.Cancel);
    }

    private byte[] Event(string name, long timeMs, Action<RecordWriter>? hit = null) => Facts.Fact(RecordKind.EventStored, _site + name, timeMs, "v" + _site, w => w
        .Add(Field.VisitorId, _site).Add(Field.SessionId, Facts.IdOf(_site)).Add(Field.Channel, "Direct").Add(Field.Payload, Facts.Hit(_site + name, timeMs, _site, hit).AsSpan()), _site);

    private async Task Insert(string token, params byte[][] facts)
    {
        var sorter = new FactSorter();
        foreach (var fact in facts) sorter.Add(fact, new FactPlace(3, 17));
        foreach (var (table, month, rows) in sorter.Filled.ToList())
            await Warehouse.InsertAsync(rows.Block(7), $"{_site}-{token}-{table}-{month}", Chdb.Cancel);
    }

    private async Task<List<string[]>> Rows(string sql) =>
        [.. (await Warehouse.RowsAsync(Query(sql), Chdb.Cancel)).Select(row => row.EnumerateArray().Select(cell => cell.ValueKind == JsonValueKind.String ? cell.GetString()! : cell.GetRawText()).ToArray())];

    private Task<string> Value(string sql) => Warehouse.ValueAsync(Query(sql), Chdb.Cancel);

    private WarehouseQuery Query(string sql) =>
        new(sql) { Parameters = sql.Contains("{site", StringComparison.Ordinal) ? new Dictionary<string, string> { ["site"] = _site } : new Dictionary<string, string>() };
}

/// <summary>The engine in this process.</summary>
public sealed class EmbeddedWarehouseTests(Chdb chdb) : WarehouseContract
{
    protected override IWarehouse Warehouse => chdb.Warehouse;
}

/// <summary>The adapter of the server, over HTTP, to the same engine.</summary>
public sealed class ServedWarehouseTests(Chdb chdb) : WarehouseContract
{
    protected override IWarehouse Warehouse => chdb.Served;
}

/// <summary>A real ClickHouse server, when there is one.</summary>
public sealed class RealWarehouseTests : WarehouseContract, IAsyncLifetime
{
    private ServerWarehouse? _server;

    protected override IWarehouse Warehouse
    {
        get
        {
            Assert.SkipWhen(_server is null, "CLOSEDLOOP_TEST_CLICKHOUSE names no server");
            return _server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_CLICKHOUSE") is not { Length: > 0 } address) return;
        _server = new ServerWarehouse(new WarehouseOptions { ServerUrl = address });
        await _server.StartAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        return ValueTask.CompletedTask;
    }
}
