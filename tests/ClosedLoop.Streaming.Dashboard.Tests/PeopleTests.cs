namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class PeopleTests
{
    private static async Task<JsonElement> SettledAsync(TestSystem system, string path, Func<JsonElement, bool> isSo)
    {
        JsonElement person = default;
        await TestSystem.EventuallyAsync(async () =>
        {
            using var answer = await system.SendAsync("GET", path);
            person = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone();
            return answer.StatusCode == HttpStatusCode.OK && isSo(person);
        }, path);
        return person;
    }

    private static string[] SegmentsOf(JsonElement person) => [.. person.GetProperty("segments").EnumerateArray().Select(s => s.Text("name")!)];

    [Fact]
    public async Task From_the_first_visit_to_the_order()
    {
        await using var system = await TestSystem.StartAsync();
        var cookie = await system.ViewAsync("/tents?utm_source=google%26utm_medium=cpc".Replace("%26", "&", StringComparison.Ordinal) + "&utm_campaign=spring");
        await system.ViewAsync("/prices", cookie);
        await system.ViewAsync("/contact", cookie);
        var id = await system.VisitorOfAsync(cookie);
        var visitor = await SettledAsync(system, "/v1/visitors/" + id, v => v.GetProperty("page_views").GetInt32() == 3);
        Assert.Equal((id, "demo", "visitor"), (visitor.Text("visitor_id"), visitor.Text("site"), visitor.Text("stage")));
        Assert.Equal(["warm"], SegmentsOf(visitor));
        var touch = visitor.GetProperty("first_touch");
        Assert.Equal(("Paid Search", "google", "cpc", "spring", "tracked"),
            (touch.Text("channel"), touch.Text("source"), touch.Text("medium"), touch.Text("campaign"), touch.Text("evidence")));
        Assert.Equal(["/tents", "/prices", "/contact"], visitor.GetProperty("journey").EnumerateArray().Select(s => s.Text("page")));
        Assert.All(visitor.GetProperty("journey").EnumerateArray(), s => Assert.Equal(("page_view", "Paid Search"), (s.Text("event"), s.Text("channel"))));
        Assert.Equal((3, "/tents", "/contact"), (visitor.GetProperty("current_session").GetProperty("page_views").GetInt32(),
            visitor.GetProperty("current_session").Text("entry_page"), visitor.GetProperty("current_session").Text("exit_page")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", visitor.Text("first_seen"));

        using var form = await system.SendAsync("POST", "/f/demo", "form=contact&email=Ann%40Example.com", null,
            ("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie), ("Referer", "https://shop.example/contact"));
        Assert.Equal(HttpStatusCode.SeeOther, form.StatusCode);
        var linked = await SettledAsync(system, "/v1/visitors/" + id, v => v.Text("lead_id") is not null && SegmentsOf(v).Contains("in_progress"));
        Assert.Equal("lead", linked.Text("stage"));
        await system.EventAsync("""
            {"event":"purchase","site":"demo","lead":{"email":" ANN@example.com","external_id":"crm-17","phone":"+380 44 123 45 67","traits":{"city":"Lviv"}},
             "properties":{"order_id":"O-1","revenue":129.9,"currency":"EUR"}}
            """);
        var lead = await SettledAsync(system, "/v1/leads?email=ann%40example.COM%20", l => l.GetProperty("orders").GetInt32() == 1);
        Assert.Equal((linked.Text("lead_id"), "crm-17", "customer", 129.9m), (lead.Text("lead_id"), lead.Text("external_id"), lead.Text("stage"), lead.GetProperty("revenue").GetDecimal()));
        Assert.Equal([id], lead.Texts("visitor_ids"));
        Assert.Equal("Lviv", lead.GetProperty("traits").Text("city"));
        Assert.Equal(["active"], SegmentsOf(lead));
        Assert.Equal("google", lead.GetProperty("first_touch").Text("source"));
        Assert.Equal("purchase", lead.GetProperty("journey").EnumerateArray().Last().Text("event"));
        foreach (var way in new[] { "/v1/leads?external_id=crm-17", "/v1/leads?phone=%2B380441234567", "/v1/leads?phone=+380441234567", "/v1/leads?phone=00380%2044%20123-45-67", "/v1/leads/" + lead.Text("lead_id"), "/v1/leads?external_id=crm-17&site=G-DEMO" })
            Assert.Equal(lead.Text("lead_id"), (await SettledAsync(system, way, _ => true)).Text("lead_id"));
        var asVisitor = await system.JsonAsync("GET", "/v1/visitors/" + id, key: system.WriteKey);
        Assert.Equal((1, "customer"), (asVisitor.GetProperty("orders").GetInt32(), asVisitor.Text("stage")));
        Assert.Equal(JsonValueKind.Object, asVisitor.GetProperty("experiments").ValueKind);
    }

    [Fact]
    public async Task A_key_of_one_site_sees_nobody_of_another()
    {
        await using var system = await TestSystem.StartAsync();
        var id = await system.VisitorOfAsync(await system.ViewAsync("/first"));
        await SettledAsync(system, "/v1/visitors/" + id, _ => true);
        await system.JsonAsync("GET", "/v1/visitors/" + id, null, 200, system.WriteKey);
        await system.ErrorAsync("GET", "/v1/visitors/" + id, null, 404, system.OtherWriteKey);
        await system.ErrorAsync("GET", $"/v1/visitors/{id}?site=demo", null, 403, system.OtherWriteKey);
    }
}
