namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class MembersTests
{
    private static async Task<long> MembersAsync(TestSystem system, string name) =>
        (await system.JsonAsync("GET", "/v1/segments")).EnumerateArray().Single(s => s.Text("name") == name).GetProperty("members").GetInt64();

    [Fact]
    public async Task Members_follow_what_people_do_and_what_rules_say()
    {
        await using var system = await TestSystem.StartAsync();
        var cookies = new List<string>();
        for (var i = 0; i < 5; i++) cookies.Add(await system.ViewAsync("/first"));
        await TestSystem.EventuallyAsync(async () => await MembersAsync(system, "cold") == 5, "five cold visitors");
        for (var page = 0; page < 2; page++) await system.ViewAsync("/page" + page, cookies[0]);
        await TestSystem.EventuallyAsync(async () => await MembersAsync(system, "warm") == 1 && await MembersAsync(system, "cold") == 4, "one is warm");

        var preview = await system.JsonAsync("POST", "/v1/segments/warm/preview", """{"rule":"page_views >= 1"}""");
        Assert.Equal((4, 0, 5, 5), (Count(preview, "enter"), Count(preview, "leave"), preview.GetProperty("members").GetInt32(), preview.GetProperty("judged").GetInt32()));
        Assert.True(preview.GetProperty("complete").GetBoolean());
        var leaving = await system.JsonAsync("POST", "/v1/segments/warm/preview", """{"rule":"page_views >= 99"}""");
        Assert.Equal(await system.VisitorOfAsync(cookies[0]), leaving.GetProperty("leave").GetProperty("people")[0].Text("visitor_id"));
        Assert.Equal(1, await MembersAsync(system, "warm"));

        await system.JsonAsync("PUT", "/v1/segments/warm", """{"rule":"page_views >= 1"}""");
        await TestSystem.EventuallyAsync(async () => await MembersAsync(system, "warm") == 5, "everybody is re-judged");
        await system.JsonAsync("DELETE", "/v1/segments/warm", null, 204);
        await TestSystem.EventuallyAsync(async () => await MembersAsync(system, "cold") == 5, "everybody falls to the next rule");
        await system.ErrorAsync("GET", "/v1/segments/warm/members", null, 404);
    }

    private static int Count(JsonElement preview, string side) => preview.GetProperty(side).GetProperty("count").GetInt32();

    [Fact]
    public async Task Members_come_in_pages_without_gaps_and_as_CSV()
    {
        await using var system = await TestSystem.StartAsync();
        var expected = new HashSet<string>();
        for (var i = 0; i < 23; i++) expected.Add(await system.VisitorOfAsync(await system.ViewAsync("/first")));
        await system.EventAsync("""{"event":"form_submit","form":"news","site":"demo","lead":{"email":"a@b.example","external_id":"=cmd"}}""");
        await TestSystem.EventuallyAsync(async () => await MembersAsync(system, "cold") + await MembersAsync(system, "in_progress") == 24, "24 people");

        var (found, pages, cursor) = (new List<string>(), 0, "");
        do
        {
            var page = await system.JsonAsync("GET", $"/v1/segments/cold/members?limit=5&cursor={cursor}");
            Assert.InRange(page.GetProperty("members").GetArrayLength(), 0, 5);
            found.AddRange(page.GetProperty("members").EnumerateArray().Select(m => m.Text("visitor_id") ?? ""));
            cursor = page.Text("next_cursor");
            pages++;
        }
        while (cursor is not null);
        Assert.InRange(pages, 5, 40);
        Assert.Equal(expected.Order(), found.Where(f => f.Length > 0).Order());

        await system.JsonAsync("PUT", "/v1/segments/everybody", """{"rule":"true"}""", 201);
        await TestSystem.EventuallyAsync(async () => await MembersAsync(system, "everybody") == 24, "everybody is in it");
        using var csv = await system.SendAsync("GET", "/v1/segments/everybody/members", null, TestSystem.AdminKey, ("Accept", "text/csv"));
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        var lines = (await csv.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        Assert.Equal("site,visitor_id,visitor_ids,lead_id,external_id,since", lines[0]);
        Assert.Equal(25, lines.Length);
        Assert.Contains(lines, l => l.Contains(",\"'=cmd\",", StringComparison.Ordinal));
        using var part = await system.SendAsync("GET", "/v1/segments/everybody/members?format=csv&limit=7");
        Assert.Equal(8, (await part.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n").Length);
        Assert.Contains("rel=\"next\"", part.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        foreach (var query in new[] { "limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=-1.0", "format=xml" })
            Assert.Equal("bad_field", (await system.ErrorAsync("GET", "/v1/segments/cold/members?" + query, null, 400)).Text("code"));
        Assert.Equal(0, (await system.JsonAsync("GET", "/v1/segments/cold/members?site=other")).GetProperty("members").GetArrayLength());
    }
}
