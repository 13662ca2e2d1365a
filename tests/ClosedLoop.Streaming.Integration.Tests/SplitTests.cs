using System.Net;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>One process per role over a broker, Redis and ClickHouse: what goes in at a collector comes out at the others.</summary>
public sealed class SplitTests(ServedEngine engine)
{
    private const int Visitors = 12;

    [Fact]
    public async Task A_hit_goes_from_a_collector_through_two_processors_to_webhook_report_and_live_state()
    {
        await using var cluster = await Cluster.StartAsync(engine);
        // The site must be this test's own: the engine behind the server is shared by all tests of the process.
        var dashboard = await cluster.RunAsync("dashboard");
        var site = "split" + Environment.ProcessId;
        var made = await dashboard.DoAsync(HttpMethod.Post, "/v1/sites", $$"""{"id":"{{site}}"}""");
        Assert.True(made.TryGetProperty("write_key", out _));
        await using var sink = await WebhookSink.StartAsync();
        await sink.RegisterAsync(dashboard);
        var warehouse = await cluster.RunAsync("warehouse");
        var webhooks = await cluster.RunAsync("webhooks");
        var processors = new[] { await cluster.RunAsync("processor"), await cluster.RunAsync("processor") };
        var collector = await cluster.RunAsync("collector");

        for (var i = 0; i < Visitors * 3; i++)
            await collector.DoAsync(HttpMethod.Post, "/v1/events", $$"""{"event":"page_view","site":"{{site}}","visitor_id":"split{{i % Visitors}}","url":"https://shop.example/{{i}}?utm_source=news&utm_medium=email"}""");

        var warm = new HashSet<string>();
        while (warm.Count < Visitors)
        {
            var next = await sink.NextAsync(d => d.Text("segment") == "warm" && !warm.Contains(d.Person), $"warm, beside {warm.Count}");
            warm.Add(next.Person);
        }
        Assert.Equal(Visitors, sink.All.Where(d => d.Text("segment") == "warm").Select(d => d.Id).Distinct().Count());

        var live = await Soon.FindAsync(async () => (object?)await dashboard.FindAsync($"/v1/visitors/split3?site={site}"), () => "the live state");
        Assert.Equal(3, ((System.Text.Json.JsonElement)live).GetProperty("page_views").GetInt32());
        var report = $"/v1/reports/channels?site={site}&from=2026-01-01&to=2030-12-31&model=first_touch";
        await Soon.BeTrueAsync(async () => await dashboard.SendAsync(HttpMethod.Get, report) is (200, var body) && body.GetProperty("rows").ToString().Contains("Email", StringComparison.Ordinal), () => "the report");
        var segments = await dashboard.DoAsync(HttpMethod.Get, "/v1/segments");
        Assert.Contains(segments.EnumerateArray(), s => s.GetProperty("name").GetString() == "warm" && s.GetProperty("members").GetInt64() >= Visitors);

        await NothingButDoors(collector);
        await SaysWhyNot(dashboard);
        foreach (var program in new[] { dashboard, warehouse, webhooks, processors[0], processors[1], collector })
            Assert.Equal(0, await program.StopAsync());
    }

    private static async Task NothingButDoors(RunningProgram collector)
    {
        foreach (var path in new[] { "/", "/dashboard", "/openapi/v1.json", "/v1/sites", "/v1/segments", "/v1/reports/channels", "/v1/verify" })
            Assert.Equal(HttpStatusCode.NotFound, (HttpStatusCode)(await collector.SendAsync(HttpMethod.Get, path)).Status);
        foreach (var path in new[] { "/health/live", "/health/ready", "/health/ready/collector", "/metrics", "/i?e=pv" })
            Assert.Equal(200, (await collector.SendAsync(HttpMethod.Get, path)).Status);
        Assert.Equal(404, (await collector.SendAsync(HttpMethod.Get, "/health/ready/processor")).Status);
    }

    private static async Task SaysWhyNot(RunningProgram dashboard)
    {
        foreach (var path in new[] { "/v1/segments/warm/members" })
        {
            var (status, body) = await dashboard.SendAsync(HttpMethod.Get, path);
            Assert.Equal(503, status);
            Assert.Contains("processors", body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        Assert.Equal(404, (await dashboard.SendAsync(HttpMethod.Get, "/i")).Status);
    }
}
