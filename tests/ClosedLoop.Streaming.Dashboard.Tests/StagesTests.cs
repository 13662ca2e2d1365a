namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>Stage rules of a site from outside: set, refused with the place of the mistake, at work, and overruled by a person.</summary>
public sealed class StagesTests
{
    [Fact]
    public async Task Stage_rules_are_set_read_and_taken_away_and_a_mistake_is_named_with_its_place()
    {
        await using var system = await TestSystem.StartAsync();
        var site = await system.JsonAsync("PATCH", "/v1/sites/demo", """{"stage_rules":{"mql":"page_views >= 3","sql":"open_deals >= 1"}}""");
        Assert.Equal(("page_views >= 3", "open_deals >= 1"), (site.GetProperty("stage_rules").Text("mql"), site.GetProperty("stage_rules").Text("sql")));
        (string Body, string Code, int? Position)[] rows =
        [
            ("""{"stage_rules":{"mql":"page_views >= "}}""", "bad_rule", 14),
            ("""{"stage_rules":{"mql":"true","sql":"true and pagviews > 1"}}""", "bad_rule", 9),
            ("""{"stage_rules":{"mql":""}}""", "bad_rule", 0),
            ("""{"stage_rules":{"customer":"true"}}""", "unknown_field", null),
            ("""{"stage_rules":[]}""", "bad_field", null),
        ];
        foreach (var (body, code, position) in rows)
        {
            var error = await system.ErrorAsync("PATCH", "/v1/sites/demo", body, 400);
            Assert.Equal((code, position, body), (error.Text("code"), error.TryGetProperty("position", out var at) ? at.GetInt32() : null, body));
        }
        Assert.Equal("page_views >= 3", (await system.JsonAsync("GET", "/v1/sites/demo")).GetProperty("stage_rules").Text("mql"));
        Assert.Equal(JsonValueKind.Null, (await system.JsonAsync("PATCH", "/v1/sites/demo", """{"stage_rules":null}""")).GetProperty("stage_rules").ValueKind);
    }

    [Fact]
    public async Task A_rule_moves_a_lead_and_what_a_person_says_stands_above_it()
    {
        await using var system = await TestSystem.StartAsync();
        await system.JsonAsync("PATCH", "/v1/sites/demo", """{"stage_rules":{"mql":"last_satisfaction >= 8"}}""");
        async Task<JsonElement> Send(string body, string stage, int turns)
        {
            await system.EventAsync($$"""{"site":"demo","lead":{"external_id":"crm-1"},{{body}}}""");
            JsonElement lead = default;
            await TestSystem.EventuallyAsync(async () =>
            {
                using var answer = await system.SendAsync("GET", "/v1/leads?external_id=crm-1");
                lead = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone();
                return answer.StatusCode == HttpStatusCode.OK && lead.GetProperty("stage_turns").GetArrayLength() >= turns;
            }, body);
            Assert.Equal(stage, lead.Text("stage"));
            return lead;
        }
        await Send("\"event\":\"identify\"", "lead", 1);
        await Send("\"event\":\"satisfaction_scored\",\"score\":9", "mql", 3);
        var ignored = await Send("\"event\":\"stage_changed\",\"stage\":\"lead\"", "mql", 4);
        var turn = ignored.GetProperty("stage_turns").EnumerateArray().Last();
        Assert.Equal(("said", "lead", "step_back_without_reason"), (turn.Text("by"), turn.Text("stage"), turn.Text("note")));
        await Send("\"event\":\"stage_changed\",\"stage\":\"lead\",\"reason\":\"a student\"", "lead", 5);
        await Send("\"event\":\"satisfaction_scored\",\"score\":10", "lead", 6);
    }
}
