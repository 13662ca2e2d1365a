namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class SegmentsTests
{
    [Fact]
    public async Task The_defaults_are_listed_in_the_order_in_which_they_are_tried()
    {
        await using var system = await TestSystem.StartAsync();
        var segments = (await system.JsonAsync("GET", "/v1/segments")).EnumerateArray().ToList();
        Assert.Equal(["regular", "active", "in_progress", "warm", "cold", "at_risk", "lapsed"], segments.Select(s => s.Text("name")));
        Assert.All(segments, s => Assert.Equal(1, s.GetProperty("version").GetInt32()));
        Assert.Equal("lifecycle", segments[0].Text("group"));
        Assert.Equal("demo", segments[3].GetProperty("action").Text("offer"));
        Assert.Equal("(page_views >= 3 or sessions >= 2) and days_since_last_visit <= 30", segments[3].Text("rule"));
    }

    [Fact]
    public async Task A_version_counts_changes_and_not_requests()
    {
        await using var system = await TestSystem.StartAsync();
        const string Body = """{"rule":"page_views >= 2","group":"depth","order":5,"action":{"offer":"guide"}}""";
        async Task<int> Put(string body, int status) => (await system.JsonAsync("PUT", "/v1/segments/reader", body, status)).GetProperty("version").GetInt32();
        Assert.Equal(1, await Put(Body, 201));
        Assert.Equal(1, await Put(Body, 200));
        Assert.Equal(1, await Put("""{"action":{"offer":"guide"}}""", 200));
        Assert.Equal(2, await Put("""{"rule":"page_views >= 3"}""", 200));
        var read = await system.JsonAsync("GET", "/v1/segments/reader");
        Assert.Equal(("page_views >= 3", "depth", 5), (read.Text("rule"), read.Text("group"), read.GetProperty("order").GetInt32()));
        Assert.Equal(3, await Put("""{"group":null}""", 200));
        Assert.Equal(JsonValueKind.Null, (await system.JsonAsync("GET", "/v1/segments/reader")).GetProperty("group").ValueKind);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", read.Text("updated_at"));
    }

    [Fact]
    public async Task A_mistake_is_named_with_its_place()
    {
        await using var system = await TestSystem.StartAsync();
        (string Body, string Code, int? Position)[] rows =
        [
            ("""{"rule":"page_views >= "}""", "bad_rule", 14),
            ("""{"rule":"true and pagviews > 1"}""", "bad_rule", 9),
            ("""{"rule":""}""", "bad_rule", 0),
            ("""{}""", "bad_field", null),
            ("""{"rule":"true","group":"Big Group"}""", "bad_field", null),
            ("""{"rule":"true","order":99999999}""", "bad_field", null),
            ("""{"rule":"true","colour":"red"}""", "unknown_field", null),
        ];
        foreach (var (body, code, position) in rows)
        {
            var error = await system.ErrorAsync("PUT", "/v1/segments/mine", body, 400);
            Assert.Equal((code, position, body), (error.Text("code"), error.TryGetProperty("position", out var at) ? at.GetInt32() : null, body));
            Assert.Equal(code, (await system.ErrorAsync("POST", "/v1/segments/mine/preview", body, 400)).Text("code"));
        }
        await system.ErrorAsync("GET", "/v1/segments/mine", null, 404);
        await system.ErrorAsync("PUT", "/v1/segments/My%20Own", """{"rule":"true"}""", 400);
    }
}
