namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>One person under all names: after a join, a merge, and when it has been undone.</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task Joined_leads_are_found_by_every_name()
    {
        await using var system = await TestSystem.StartAsync();
        await system.EventAsync("""{"event":"purchase","site":"demo","lead":{"external_id":"crm-1"},"properties":{"order_id":"O-1","revenue":10,"currency":"EUR"}}""");
        var older = (await SettledAsync(system, "/v1/leads?external_id=crm-1", l => Orders(l) == 1)).Text("lead_id");
        await system.EventAsync("""{"event":"purchase","site":"demo","lead":{"email":"bo@mail.example"},"properties":{"order_id":"O-2","revenue":20,"currency":"EUR"}}""");
        var younger = (await SettledAsync(system, "/v1/leads?email=bo@mail.example", l => Orders(l) == 1)).Text("lead_id");
        await system.EventAsync("""{"event":"identify","site":"demo","lead":{"email":"bo@mail.example","external_id":"crm-1","phone":"+380441234567"}}""");
        foreach (var name in new[] { "/v1/leads?email=bo@mail.example", "/v1/leads?external_id=crm-1", "/v1/leads?phone=%2B380441234567", "/v1/leads/" + older, "/v1/leads/" + younger })
            Assert.Equal(older, (await SettledAsync(system, name, l => Orders(l) == 2)).Text("lead_id"));
    }

    [Fact]
    public async Task Merged_browsers_show_one_person_and_are_themselves_again_when_it_is_undone()
    {
        await using var system = await TestSystem.StartAsync();
        var (one, other) = (await system.ViewAsync("/one"), await system.ViewAsync("/other"));
        var (a, b) = (await system.VisitorOfAsync(one), await system.VisitorOfAsync(other));
        await system.EventAsync($$"""{"event":"visitors_merged","site":"demo","visitor_ids":["{{a}}","{{b}}"],"reason":"same till"}""");
        var merged = (await SettledAsync(system, "/v1/visitors/" + a, v => v.Text("lead_id") is not null)).Text("lead_id");
        var person = await SettledAsync(system, "/v1/visitors/" + b, v => v.Text("lead_id") is not null);
        person = await SettledAsync(system, "/v1/leads/" + person.Text("lead_id"), l => l.Texts("visitor_ids").Length == 2);
        Assert.Equal(("visitor", 2), (person.Text("stage"), person.GetProperty("page_views").GetInt32()));
        Assert.Equal(person.Text("lead_id"), (await SettledAsync(system, "/v1/leads/" + merged, l => l.Texts("visitor_ids").Length == 2)).Text("lead_id"));
        // The old cookies still say who they are.
        Assert.Equal((a, b), (await system.VisitorOfAsync(one), await system.VisitorOfAsync(other)));

        await system.EventAsync($$"""{"event":"visitors_unmerged","site":"demo","visitor_ids":["{{b}}","{{a}}"],"reason":"two people"}""");
        foreach (var visitor in new[] { a, b })
            Assert.Equal(1, (await SettledAsync(system, "/v1/visitors/" + visitor, v => v.Text("lead_id") is null)).GetProperty("page_views").GetInt32());
        await system.ErrorAsync("GET", "/v1/leads/" + merged, null, 404);
    }

    private static int Orders(JsonElement person) => person.GetProperty("orders").GetInt32();

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
}
