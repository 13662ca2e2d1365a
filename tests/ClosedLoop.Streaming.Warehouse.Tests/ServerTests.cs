using System.IO.Compression;
using System.Net;
using System.Text;
using System.Web;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Server;
using ClosedLoop.Streaming.Warehouse.Tables;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>What goes over the wire to a ClickHouse server, and what its answers mean. Against a real one: CLOSEDLOOP_TEST_CLICKHOUSE.</summary>
public sealed class ServerTests
{
    private readonly Wire _wire = new();

    [Fact]
    public async Task An_insert_is_native_packed_and_has_its_token()
    {
        var block = Block("one");
        using var server = Server();
        await server.InsertAsync(block, "token-1", Chdb.Cancel);
        var (address, authorization, body) = Assert.Single(_wire.Requests);
        Assert.Equal("http://ch.example:8123/", address.GetLeftPart(UriPartial.Path));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:p@ss")), authorization);
        var query = HttpUtility.ParseQueryString(address.Query);
        Assert.Equal($"INSERT INTO closedloop.totals ({string.Join(", ", block.Columns)}) SETTINGS insert_deduplication_token = 'token-1' FORMAT Native", query["query"]);
        Assert.Equal(("1", "0", "1"), (query["wait_end_of_query"], query["async_insert"], query["max_partitions_per_insert_block"]));
        using var unpacked = new MemoryStream();
        await new GZipStream(new MemoryStream(body), CompressionMode.Decompress).CopyToAsync(unpacked, Chdb.Cancel);
        Assert.Equal(block.ToArray(), unpacked.ToArray());
    }

    [Theory]
    [InlineData(404, "Code: 60. DB::Exception: Table x does not exist. (UNKNOWN_TABLE) (version 26.7.2.1)", 60)]
    [InlineData(500, "Code: 241. DB::Exception: Memory limit exceeded (MEMORY_LIMIT_EXCEEDED)", 241)]
    [InlineData(503, "Code: 202. DB::Exception: Too many simultaneous queries. (TOO_MANY_SIMULTANEOUS_QUERIES)", 202)]
    [InlineData(401, "", 516)]
    [InlineData(403, "<html>no</html>", 516)]
    public async Task A_no_of_the_server_keeps_its_code(int status, string text, int code)
    {
        _wire.Answer = ((HttpStatusCode)status, text);
        using var server = Server();
        Assert.Equal(code, (await Assert.ThrowsAsync<WarehouseException>(() => server.ExecuteAsync("SELECT 1", Chdb.Cancel))).Code);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_proxy_without_its_server_is_a_warehouse_that_is_away(int status)
    {
        _wire.Answer = ((HttpStatusCode)status, "<html>Bad gateway</html>");
        using var server = Server();
        await Assert.ThrowsAsync<WarehouseAwayException>(() => server.InsertAsync(Block("two"), "t", Chdb.Cancel));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_away_and_the_message_has_no_password()
    {
        using var server = new ServerWarehouse(new WarehouseOptions { ServerUrl = "http://me:secretword@127.0.0.1:1" });
        var away = await Assert.ThrowsAsync<WarehouseAwayException>(() => server.StartAsync(Chdb.Cancel));
        Assert.DoesNotContain("secretword", away.ToString(), StringComparison.Ordinal);
    }

    private ServerWarehouse Server() => new(new WarehouseOptions { ServerUrl = "http://me:p%40ss@ch.example:8123" }, _wire);

    private static NativeBlock Block(string site)
    {
        var table = new TotalsTable();
        var reader = new RecordReader();
        Assert.True(reader.TryRead(Facts.Fact(RecordKind.TotalsCounted, site, Facts.Start, "", w => w.Add(Field.Name, "page_view").Add(Field.Reason, "gpc"), site)));
        table.Append(reader, new FactPlace(0, 0));
        return table.Block(5);
    }

    private sealed class Wire : HttpMessageHandler
    {
        public List<(Uri Address, string Authorization, byte[] Body)> Requests { get; } = [];
        public (HttpStatusCode Status, string Text) Answer { get; set; } = (HttpStatusCode.OK, "");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request.RequestUri!, request.Headers.Authorization!.ToString(), await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
            return new HttpResponseMessage(Answer.Status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Answer.Text)) };
        }
    }
}
