namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class SiteKeysTests
{
    [Fact]
    public async Task A_new_key_ends_the_old_one()
    {
        await using var system = await TestSystem.StartAsync();
        var fresh = await system.JsonAsync("POST", "/v1/sites/demo/keys", """{"write":true}""");
        Assert.NotEqual(system.WriteKey, fresh.Text("write_key"));
        Assert.Equal(system.ReportKey, fresh.Text("report_key"));
        await system.ErrorAsync("GET", "/v1/visitors/x", null, 401, system.WriteKey);
        await system.ErrorAsync("GET", "/v1/visitors/x", null, 404, fresh.Text("write_key"));
        var both = await system.JsonAsync("POST", "/v1/sites/demo/keys");
        Assert.NotEqual(system.ReportKey, both.Text("report_key"));
    }
}
