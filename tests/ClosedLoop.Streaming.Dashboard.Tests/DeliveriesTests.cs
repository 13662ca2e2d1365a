namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class DeliveriesTests
{
    [Fact]
    public async Task Deliveries_are_shown_tested_and_sent_again()
    {
        await using var system = await TestSystem.StartAsync();
        var path = "/v1/webhooks/" + (await system.JsonAsync("POST", "/v1/webhooks", """{"url":"https://hooks.example/in"}""", 201)).Text("id");
        var deliveries = await system.JsonAsync("GET", path + "/deliveries");
        Assert.Equal(("msg_1", "2023-11-14T22:13:20.123Z", "failed"), (deliveries.GetProperty("deliveries")[0].Text("id"),
            deliveries.GetProperty("deliveries")[0].Text("at"), deliveries.GetProperty("deliveries")[0].Text("outcome")));
        Assert.Equal("exhausted", deliveries.GetProperty("dead_letters")[0].Text("reason"));
        Assert.Equal("success", (await system.JsonAsync("POST", path + "/test")).Text("outcome"));
        Assert.Equal(2, (await system.JsonAsync("POST", path + "/replay")).GetProperty("replayed").GetInt32());
        await system.JsonAsync("POST", path + "/replay", """{"since":"2026-11-21T10:00:00Z","ids":["msg_0"]}""");
        Assert.Equal((0, 1_795_255_200_000), (system.Deliveries.Replays[0].Since, system.Deliveries.Replays[1].Since));
        Assert.Equal(["msg_0"], system.Deliveries.Replays[1].Ids);
        await system.ErrorAsync("POST", path + "/replay", """{"since":"yesterday"}""", 400);
        await system.ErrorAsync("GET", path + "/deliveries?limit=0", null, 400);
    }
}
