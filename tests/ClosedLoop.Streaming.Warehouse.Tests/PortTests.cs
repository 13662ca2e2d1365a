using System.IO.Compression;
using System.Net;
using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Tests;

public sealed class PortTests(PortFixture port) : IClassFixture<PortFixture>
{
    [Theory]
    [InlineData("SELECT 1", "1\n")]
    [InlineData("SELECT 1;", "1\n")]
    [InlineData("SELECT 1 ; ; -- end", "1\n")]
    [InlineData("(SELECT 1)", "1\n")]
    [InlineData("WITH 2 AS x SELECT x", "2\n")]
    [InlineData("SELECT 'into outfile; insert into x' AS s", "into outfile; insert into x\n")]
    [InlineData("SELECT count() FROM events WHERE event = 'nothing'", "0\n")]
    [InlineData("SELECT count() FROM closedloop.events WHERE event = 'nothing'", "0\n")]
    [InlineData("SELECT sum(number) FROM numbers(5)", "10\n")]
    [InlineData("SELECT max(x) FROM (SELECT number AS x FROM system.numbers LIMIT 3)", "2\n")]
    [InlineData("SELECT a.number FROM numbers(3) AS a JOIN numbers(2) AS b ON a.number = b.number ORDER BY 1", "0\n1\n")]
    [InlineData("SELECT * FROM VALUES('a UInt8', 1, 2)", "1\n2\n")]
    [InlineData("SELECT 1 /* one /* nested */ still */ + 1", "2\n")]
    [InlineData("SELECT 1 # SELECT", "1\n")]
    [InlineData("SELECT count() > 100 FROM system.settings", "1\n")]
    [InlineData("SELECT $$it's$$", "it\\'s\n")]
    [InlineData("SELECT trim(BOTH 'x' FROM 'xax')", "a\n")]
    [InlineData("SELECT extract(YEAR FROM toDate('2026-11-21'))", "2026\n")]
    [InlineData("SELECT format('{}-{}', 'a', 'b')", "a-b\n")]
    [InlineData("EXISTS TABLE events", "1\n")]
    [InlineData("SHOW TABLES LIKE 'deals'", "deals\n")]
    [InlineData("SELECT currentDatabase()", "closedloop\n")]
    [InlineData("SELECT DISTINCT engine FROM system.databases WHERE name = 'closedloop'", "Atomic\n")]
    public async Task Reads_are_answered(string sql, string expected) => Assert.Equal(expected, await port.Text(sql));

    [Theory]
    [InlineData("SELECT 1 AS a FORMAT JSONEachRow", "", "{\"a\":1}\n", "application/x-ndjson; charset=UTF-8", "JSONEachRow")]
    [InlineData("SELECT 1 AS a", "default_format=CSVWithNames", "\"a\"\n1\n", "text/csv; charset=UTF-8; header=present", "CSVWithNames")]
    [InlineData("SELECT {v:String} AS a", "param_v=%27%3B%20drop", "\\'; drop\n", "text/tab-separated-values; charset=UTF-8", "TabSeparated")]
    [InlineData("SELECT {v:UInt64} + 1", "param_v=41", "42\n", "text/tab-separated-values; charset=UTF-8", "TabSeparated")]
    [InlineData("SELECT toUInt64(1) AS a FORMAT JSONEachRow", "output_format_json_quote_64bit_integers=1", "{\"a\":\"1\"}\n", "application/x-ndjson; charset=UTF-8", "JSONEachRow")]
    public async Task Formats_and_parameters_are_as_clients_know_them(string sql, string parameters, string body, string type, string format)
    {
        using var response = await port.Post(sql, parameters + "&query_id=q-1");
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Chdb.Cancel));
        Assert.Equal(type, response.Content.Headers.GetValues("Content-Type").Single());
        Assert.Equal(format, Header(response, "X-ClickHouse-Format"));
        Assert.Equal("q-1", Header(response, "X-ClickHouse-Query-Id"));
        Assert.Equal("closedloop", Header(response, "X-ClickHouse-Server-Display-Name"));
        Assert.NotEqual("", Header(response, "X-ClickHouse-Timezone"));
        Assert.StartsWith("{\"read_rows\":\"", Header(response, "X-ClickHouse-Summary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_may_stand_in_the_address_and_in_the_body()
    {
        using var inAddress = await port.Send(HttpMethod.Get, "query=SELECT%207", null);
        Assert.Equal("7\n", await inAddress.Content.ReadAsStringAsync(Chdb.Cancel));
        using var both = await port.Send(HttpMethod.Post, "query=SELECT%207", "+ 1");
        Assert.Equal("8\n", await both.Content.ReadAsStringAsync(Chdb.Cancel));
    }

    [Fact]
    public async Task Ping_needs_nobody()
    {
        using var client = new HttpClient();
        Assert.Equal("Ok.\n", await client.GetStringAsync(port.Port.Address + "/ping", Chdb.Cancel));
    }

    [Theory]
    [InlineData(null, "dashboard", 401)]
    [InlineData("wrong", "dashboard", 403)]
    [InlineData("", "dashboard", 403)]
    [InlineData(PortFixture.Password, "default", 403)]
    [InlineData(PortFixture.Password + "x", "dashboard", 403)]
    public async Task A_foreign_password_gets_nothing(string? password, string user, int status)
    {
        using var response = await port.Post("SELECT 1", "", password, user);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(status == 401 ? "194" : "516", Header(response, "X-ClickHouse-Exception-Code"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_and_password_may_come_as_headers_or_in_the_address()
    {
        using var client = new HttpClient();
        var request = new HttpRequestMessage(HttpMethod.Get, port.Port.Address + "/?query=SELECT%201");
        request.Headers.Add("X-ClickHouse-User", "dashboard");
        // HTTP headers are Latin-1 for HttpClient: send the bytes of the UTF-8 form.
        var address = port.Port.Address + "/?query=SELECT%201&user=dashboard&password=" + Uri.EscapeDataString(PortFixture.Password);
        Assert.Equal("1\n", await client.GetStringAsync(address, Chdb.Cancel));
        using var without = await client.SendAsync(request, Chdb.Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
    }

    [Fact]
    public async Task An_answer_is_packed_when_the_client_asks()
    {
        using var plain = await port.Post("SELECT number FROM numbers(1000)", "enable_http_compression=1");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        var text = await port.Text("SELECT number FROM numbers(1000)");
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");
        using var packed = await client.PostAsync(
            port.Port.Address + "/?enable_http_compression=1&user=dashboard&password=" + Uri.EscapeDataString(PortFixture.Password),
            new StringContent("SELECT number FROM numbers(1000)"), Chdb.Cancel);
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        using var unpacked = new StreamReader(new GZipStream(await packed.Content.ReadAsStreamAsync(Chdb.Cancel), CompressionMode.Decompress));
        Assert.Equal(text, await unpacked.ReadToEndAsync(Chdb.Cancel));
    }

    [Fact]
    public async Task A_long_answer_is_streamed_and_one_that_fails_half_way_is_not_whole()
    {
        using var response = await port.Post("SELECT number FROM numbers(3000000)");
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.EndsWith("\n2999999\n", await response.Content.ReadAsStringAsync(Chdb.Cancel), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var failed = await port.Post("SELECT throwIf(number = 2000000) FROM numbers(3000000)");
            failed.EnsureSuccessStatusCode();
            await failed.Content.ReadAsStringAsync(Chdb.Cancel);
        });
        using var waited = await port.Post("SELECT throwIf(number = 2000000) FROM numbers(3000000)", "wait_end_of_query=1");
        Assert.Equal("395", Header(waited, "X-ClickHouse-Exception-Code"));
    }

    [Theory]
    [InlineData("SELECT * FROM nothing_here", 404, "60")]
    [InlineData("SELEC 1", 403, "164")]
    [InlineData("SELECT 1 +", 400, "62")]
    [InlineData("", 400, "62")]
    [InlineData("SELECT nofunction(1)", 404, "46")]
    [InlineData("SELECT 1 FORMAT NoSuchFormat", 404, "73")]
    [InlineData("SELECT {v:UInt8}", 400, "456")]
    public async Task Mistakes_have_codes(string sql, int status, string code)
    {
        using var response = await port.Post(sql);
        var text = await response.Content.ReadAsStringAsync(Chdb.Cancel);
        Assert.Equal((status, code), ((int)response.StatusCode, Header(response, "X-ClickHouse-Exception-Code")));
        Assert.StartsWith($"Code: {code}. DB::Exception: ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT sum(sipHash64(number)) FROM numbers(1900000000)", "max_execution_time=1", "159")]
    [InlineData("SELECT groupArray(number) FROM numbers(1000000000)", "", "241")]
    [InlineData("SELECT number FROM numbers(1000000)", "max_result_rows=10&wait_end_of_query=1", "396")]
    public async Task Limits_hold(string sql, string parameters, string code)
    {
        using var response = await port.Post(sql, parameters);
        Assert.Equal(code, Header(response, "X-ClickHouse-Exception-Code"));
    }

    [Theory]
    [InlineData("max_execution_time", "0", "30")]
    [InlineData("max_memory_usage", "0", "536870912")]
    [InlineData("max_memory_usage", "99999999999", "536870912")]
    [InlineData("readonly", "0", "1")]
    [InlineData("max_result_rows", "-1", "5000000")]
    public async Task A_client_can_not_lift_a_limit(string name, string value, string expected) =>
        Assert.Equal(expected + "\n", await port.Text($"SELECT getSetting('{name}')", $"{name}={value}"));

    [Fact]
    public async Task A_query_over_its_limit_gets_413()
    {
        using var response = await port.Post("SELECT '" + new string('x', 100_001) + "'");
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal(99_000, (await port.Text("SELECT '" + new string('x', 98_999) + "'")).Length);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
