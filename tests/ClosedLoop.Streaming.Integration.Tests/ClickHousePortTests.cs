using System.Net;
using System.Text.Json;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Foreign clients ask the running system's warehouse; none writes, reads a file or gets in with another password.</summary>
public sealed class ClickHousePortTests(SharedProgram shared)
{
    private async Task<RunningProgram> WithEventAsync()
    {
        var program = await shared.GetAsync();
        await program.DoAsync(HttpMethod.Post, "/v1/events", """{"event":"page_view","event_id":"port-1","site":"demo","visitor_id":"port-visitor","url":"https://shop.example/tents"}""");
        await Soon.BeTrueAsync(async () => (await program.RowsAsync("SELECT count() FROM events WHERE event_id = 'port-1'"))[0][0] == "1", () => "the event in the warehouse");
        return program;
    }

    [Fact]
    public async Task A_query_over_http_answers()
    {
        var program = await WithEventAsync();
        using var answer = await program.AskAsync("SELECT event, visitor_id FROM events WHERE event_id = 'port-1' FORMAT JSONCompactEachRow");
        Assert.Equal("[\"page_view\", \"port-visitor\"]\n", await answer.Content.ReadAsStringAsync());
        using var ping = await program.Http.GetAsync(program.ClickHouseUrl + "/ping");
        Assert.Equal("Ok.\n", await ping.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("INSERT INTO closedloop.events (site) VALUES ('x')")]
    [InlineData("CREATE TABLE closedloop.mine (a Int8) ENGINE = Memory")]
    [InlineData("DROP TABLE closedloop.events")]
    [InlineData("ALTER TABLE closedloop.events DELETE WHERE 1")]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString')")]
    [InlineData("SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')")]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/closedloop-outfile'")]
    [InlineData("SET readonly = 0")]
    public async Task What_writes_or_leaves_the_warehouse_is_refused(string sql)
    {
        var program = await WithEventAsync();
        var before = await program.RowsAsync("SELECT count() FROM events WHERE event_id = 'port-1'");
        using var answer = await program.AskAsync(sql);
        Assert.False(answer.IsSuccessStatusCode, $"{sql}: {await answer.Content.ReadAsStringAsync()}");
        Assert.False(File.Exists("/tmp/closedloop-outfile"));
        Assert.Equal(before, await program.RowsAsync("SELECT count() FROM events WHERE event_id = 'port-1'"));
    }

    [Theory]
    [InlineData("dashboard", "wrong")]
    [InlineData("dashboard", "")]
    [InlineData("default", "")]
    [InlineData("default", RunningProgram.Password)]
    public async Task A_foreign_password_is_refused(string user, string password)
    {
        var program = await shared.GetAsync();
        using var answer = await program.AskAsync("SELECT 1", user, password);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }

    [Fact]
    public async Task The_client_for_Node_queries_and_is_refused_what_is_not_reading()
    {
        var program = await WithEventAsync();
        _ = Parts.NeedNodeModules();
        var said = JsonElement.Parse(await NodeScript.RunAsync("clickhouse.cjs", "", program.ClickHouseUrl, RunningProgram.Password));
        Assert.Equal("""[{"event":"page_view","visitor_id":"port-visitor"}]""", said.GetProperty("rows").GetRawText());
        foreach (var refused in new[] { "insert", "create", "file", "outfile", "password" }) Assert.NotEqual("through", said.GetProperty(refused).GetString());
    }
}
