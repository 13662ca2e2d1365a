using ClosedLoop.Streaming.Warehouse.Server;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>What is said of a server before anything starts, and what happens when one is slow, full or not ready.</summary>
public sealed class ServerStartTests(Chdb chdb)
{
    [Fact]
    public async Task A_server_that_will_do_has_no_mistakes()
    {
        using var server = new ServerWarehouse(Options());
        Assert.Empty(await server.CheckAsync(Chdb.Cancel));
    }

    [Fact]
    public async Task A_wrong_password_is_said_with_the_user_and_without_the_password()
    {
        using var server = new ServerWarehouse(Options("wrong-word"));
        var mistake = Assert.Single(await server.CheckAsync(Chdb.Cancel));
        Assert.Contains($"does not let the user '{ChdbServer.User}' in", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-word", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_said()
    {
        using var server = new ServerWarehouse(new WarehouseOptions { ServerUrl = "http://127.0.0.1:1" });
        Assert.Contains("127.0.0.1:1 can't be reached", Assert.Single(await server.CheckAsync(Chdb.Cancel)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("18.16.1", false)]
    [InlineData("24.2.9.1", false)]
    [InlineData("24.3.1.2672", true)]
    [InlineData("26.7.3.1", true)]
    [InlineData("nginx", false)]
    public void Versions(string version, bool good) => Assert.Equal(good, ServerCheck.IsNewEnough(version));

    [Theory]
    [InlineData("Version", "\"18.16.1\"", "runs ClickHouse 18.16.1; 24.3 or newer is needed")]
    [InlineData("0001_visits.sql", "[\"0001_visits.sql\",\"0000\"]", "0001_visits.sql differs")]
    [InlineData("9999_later.sql", "[\"9999_later.sql\",\"0000\"]", "newer program (9999_later.sql")]
    public async Task An_old_server_and_a_foreign_schema_are_said_and_nothing_is_changed(string what, string row, string said)
    {
        Assert.SkipWhen(chdb.Server is null, chdb.Reason);
        await using var mine = await ChdbServer.StartAsync(chdb.Warehouse);
        var wrote = false;
        mine.Script = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var sql = context.Request.Query["query"] + await reader.ReadToEndAsync();
            wrote |= !sql.StartsWith("SELECT", StringComparison.Ordinal);
            await context.Response.WriteAsync(sql.Contains("version()", StringComparison.Ordinal) ? what == "Version" ? row.Trim('"') : "26.7.1"
                : sql.Contains("system.tables", StringComparison.Ordinal) ? "1" : row.StartsWith('[') ? row : "");
            return true;
        };
        using var server = new ServerWarehouse(new WarehouseOptions { ServerUrl = mine.Url });
        Assert.Contains(said, Assert.Single(await server.CheckAsync(Chdb.Cancel)), StringComparison.Ordinal);
        Assert.False(wrote);
    }

    [Fact]
    public async Task Who_only_reads_waits_for_the_schema_and_never_makes_it()
    {
        Assert.SkipWhen(chdb.Server is null, chdb.Reason);
        await using var mine = await ChdbServer.StartAsync(chdb.Warehouse);
        var empty = true;
        mine.Script = async context =>
        {
            if (empty) await context.Response.WriteAsync("0");
            return empty;
        };
        var options = Options();
        options.ServerUrl = mine.Url;
        options.AppliesSchema = false;
        using var server = new ServerWarehouse(options);
        var away = await Assert.ThrowsAsync<WarehouseAwayException>(() => server.ValueAsync(new WarehouseQuery("SELECT 1"), Chdb.Cancel));
        Assert.Contains("no schema yet", away.Message, StringComparison.Ordinal);
        Assert.Equal(1, mine.Requests);
        empty = false;
        Assert.Equal("1", await server.ValueAsync(new WarehouseQuery("SELECT 1"), Chdb.Cancel));
    }

    [Fact]
    public async Task A_read_carries_its_limits_and_its_values_apart_from_the_text()
    {
        Assert.SkipWhen(chdb.Server is null, chdb.Reason);
        await using var mine = await ChdbServer.StartAsync(chdb.Warehouse);
        var options = Options();
        options.ServerUrl = mine.Url;
        using var server = new ServerWarehouse(options);
        await server.StartAsync(Chdb.Cancel);
        IQueryCollection? asked = null;
        mine.Script = context =>
        {
            asked = context.Request.Query;
            return Task.FromResult(false);
        };
        var query = new WarehouseQuery("SELECT {x:String}") { Parameters = new Dictionary<string, string> { ["x"] = "a\tb'\\" } };
        Assert.Equal("a\tb'\\", await server.ValueAsync(query, Chdb.Cancel));
        Assert.Equal(("a\\tb'\\\\", "2", "30", "closedloop"), (asked!["param_x"].ToString(), asked["readonly"].ToString(), asked["max_execution_time"].ToString(), asked["database"].ToString()));
        Assert.Equal(("1", "1", ""), (asked["wait_end_of_query"].ToString(), asked["cancel_http_readonly_queries_on_client_close"].ToString(), asked["query"].ToString()));
    }

    [Fact]
    public async Task More_reads_than_places_are_refused_and_inserts_go_on()
    {
        Assert.SkipWhen(chdb.Server is null, chdb.Reason);
        await using var mine = await ChdbServer.StartAsync(chdb.Warehouse);
        var options = Options();
        (options.ServerUrl, options.ConcurrentQueriesMax, options.WaitingQueriesMax) = (mine.Url, 1, 0);
        using var server = new ServerWarehouse(options);
        await server.StartAsync(Chdb.Cancel);
        await using (await server.QueryAsync(new WarehouseQuery("SELECT 1"), Chdb.Cancel))
        {
            Assert.Equal(202, (await Assert.ThrowsAsync<WarehouseException>(() => server.ValueAsync(new WarehouseQuery("SELECT 2"), Chdb.Cancel))).Code);
            await server.ExecuteAsync("SELECT 3", Chdb.Cancel);
        }
        Assert.Equal("4", await server.ValueAsync(new WarehouseQuery("SELECT 4"), Chdb.Cancel));
    }

    [Fact]
    public void User_and_password_of_their_own_settings_stand_above_the_address()
    {
        var options = new WarehouseOptions { ServerUrl = "https://me:mine@ch.example:8443/ch", ServerPassword = "yours" };
        var address = ServerAddress.Of(options);
        Assert.Equal(("https://ch.example:8443/ch", "me"), (address.Root.ToString(), address.User));
        Assert.Equal(Convert.ToBase64String("me:yours"u8), address.Credentials!.Parameter);
        Assert.Equal("default", ServerAddress.Parse("http://ch.example").User);
    }

    private WarehouseOptions Options(string password = ChdbServer.Password)
    {
        Assert.SkipWhen(chdb.Server is null, chdb.Reason);
        return new WarehouseOptions { ServerUrl = chdb.Server!.Address, ServerUser = ChdbServer.User, ServerPassword = password, Synced = false };
    }
}
