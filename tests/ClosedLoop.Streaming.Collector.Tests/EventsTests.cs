using System.Net;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector.Tests;

public class EventsTests
{
    private static async Task<JsonElement> Taken(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    [Fact]
    public async Task A_purchase_is_stored_whole()
    {
        await using var door = TestDoor.Open();
        var answer = await Taken(await door.EventsAsync("""
            {"event":"purchase","event_id":"e1","site":"demo","occurred_at":"2026-11-21T11:00:00+01:00","visitor_id":"v.1-x",
             "lead":{"email":" A@B.example ","external_id":"crm-17","phone":null,"traits":{"city":"Lviv","kind":"b2b","vip":true}},
             "url":"https://shop.example/done?token=1&utm_source=u","referrer":"https://pay.example/?token=2","campaign":{"source":"s","medium":"m","campaign":"c"},
             "user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
             "ip":"203.0.113.9","shelf":7,
             "properties":{"order_id":"O-1","revenue":129.90,"currency":"EUR","discount":10.0,"coupon":"X","items":[
               {"sku":"T1","category":"tents","brand":"Alp","price":139.90,"cost":80.00,"quantity":1},{"category":"pegs","price":1,"cost":0.5,"quantity":2}]}}
            """));
        Assert.Equal("""{"accepted":1,"duplicates":0,"refused":[]}""", answer.GetRawText());

        var hit = await door.OnlyRecordAsync();
        Assert.Equal(("demo", "vv.1-x", "purchase", "events", "e1"), (hit.Site, hit.Key, hit[Field.Name], hit[Field.Door], hit[Field.EventId]));
        Assert.Equal(DateTimeOffset.Parse("2026-11-21T10:00:00Z", null).ToUnixTimeMilliseconds(), hit.OccurredMs);
        Assert.Equal(EventFlags.Verified, hit.Flags);
        Assert.Equal(door.Keyring.Identify("demo", 'e', "a@b.example"), hit[Field.Email]);
        Assert.Equal(("crm-17", """{"city":"Lviv","kind":"b2b","vip":true}"""), (hit[Field.ExternalId], hit[Field.Traits]));
        Assert.Equal(("s", "m", "c"), (hit[Field.Source], hit[Field.Medium], hit[Field.Campaign]));
        Assert.Equal(("https://shop.example/done?utm_source=u", "https://pay.example/"), (hit[Field.PageUrl], hit[Field.Referrer]));
        Assert.Equal(("mobile", "203.0.113.0"), (hit[Field.DeviceClass], hit[Field.Ip]));
        Assert.Equal((1_299_000L, 100_000L, 489_000L), (hit.Int(Field.Revenue), hit.Int(Field.Discount), hit.Int(Field.GrossProfit)));
        Assert.Equal(("O-1", "EUR", "X", "tents\u001Fpegs"), (hit[Field.OrderId], hit[Field.Currency], hit[Field.Coupon], hit[Field.Categories]));
        Assert.Equal(7, hit.Json(Field.Properties).GetProperty("shelf").GetInt32());
        Assert.Equal("Alp", hit.Json(Field.Properties).GetProperty("items")[0].GetProperty("brand").GetString());
        Assert.False(hit.Contains("B.example") || hit.Contains("token"));
    }

    private const string Lead = """ "lead":{"external_id":"x1"} """;

    public static TheoryData<string> Complete => new(
        """{"event":"page_view","visitor_id":"v","url":"https://shop.example/"}""",
        """{"event":"click","visitor_id":"v"}""",
        "{\"event\":\"form_submit\"," + Lead + ",\"form\":\"contact\"}",
        "{\"event\":\"identify\"," + Lead + "}",
        """{"event":"add_to_cart","visitor_id":"v","properties":{"items":[{"price":1}]}}""",
        """{"event":"begin_checkout","visitor_id":"v"}""",
        """{"event":"purchase","properties":{"order_id":"o","revenue":1,"currency":"EUR"}}""",
        """{"event":"purchase","visitor_id":"v","order_id":17,"revenue":1e2,"currency":"EUR"}""",
        """{"event":"refund","properties":{"order_id":"o","revenue":1}}""",
        """{"event":"payment_received","properties":{"order_id":"o","amount":0}}""",
        """{"event":"visitors_merged","visitor_id":"a","other_visitor_id":"b","reason":"asked"}""",
        """{"event":"visitors_unmerged","visitor_ids":["a","b"],"reason":"asked"}""",
        "{\"event\":\"stage_changed\"," + Lead + ",\"properties\":{\"stage\":\"mql\"}}",
        "{\"event\":\"contacted\"," + Lead + ",\"properties\":{\"channel\":\"phone\",\"direction\":\"out\"}}",
        "{\"event\":\"deal_opened\"," + Lead + ",\"properties\":{\"deal_id\":\"d\",\"deal_stage\":\"new\",\"amount\":5,\"currency\":\"EUR\"}}",
        "{\"event\":\"deal_moved\"," + Lead + ",\"properties\":{\"deal_id\":\"d\",\"deal_stage\":\"offer\",\"amount\":5,\"currency\":\"EUR\"}}",
        """{"event":"deal_won","properties":{"deal_id":"d","revenue":5,"currency":"EUR"}}""",
        """{"event":"deal_lost","properties":{"deal_id":"d","reason":"price"}}""",
        "{\"event\":\"satisfaction_scored\"," + Lead + ",\"properties\":{\"score\":10}}",
        "{\"event\":\"feedback_given\"," + Lead + ",\"properties\":{\"question\":\"q\",\"answer\":\"a\"}}",
        "{\"event\":\"message_sent\"," + Lead + ",\"properties\":{\"channel\":\"email\"},\"campaign\":{\"campaign\":\"c\"}}",
        "{\"event\":\"message_clicked\"," + Lead + ",\"properties\":{\"channel\":\"email\",\"campaign\":\"c\"}}",
        "{\"event\":\"message_opened\"," + Lead + ",\"channel\":\"email\",\"campaign\":\"c\"}",
        """{"event":"my own event","visitor_id":"v","properties":{"revenue":"a lot","currency":"seashells","score":-1,"stage":[1]}}""",
        """{"event":"page_view","visitor_id":"v","url":"https://shop.example/","occurred_at":"1970-01-01"}""",
        """{"event":"click","visitor_id":"v","occurred_at":"2026-11-21 11:59:59.123"}""",
        """{"event":"click","visitor_id":"v","occurred_at":"2026-11-21T12:05:00Z"}""",
        """{"event":"click","lead":{"phone":"0050 123 45 67"}}""");

    [Theory]
    [MemberData(nameof(Complete))]
    public async Task An_event_with_all_that_it_needs_is_accepted(string json)
    {
        await using var door = TestDoor.Open();
        Assert.Equal("""{"accepted":1,"duplicates":0,"refused":[]}""", (await Taken(await door.EventsAsync(json))).GetRawText());
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(RecordKind.Event, hit.Kind);
        Assert.Equal(Partitioning.Of("demo"u8, Encoding.UTF8.GetBytes(hit.Key), 4), hit.Partition);
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public async Task Without_any_one_of_its_members_it_is_accepted_or_refused_but_never_an_error(string json)
    {
        await using var door = TestDoor.Open();
        var whole = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        foreach (var name in whole.Select(m => m.Key).ToList())
        {
            var part = whole.DeepClone().AsObject();
            part.Remove(name);
            var taken = await Taken(await door.EventsAsync(part.ToJsonString()));
            Assert.Equal(1, taken.GetProperty("accepted").GetInt32() + taken.GetProperty("refused").GetArrayLength());
        }
    }

    [Fact]
    public async Task One_request_may_hold_good_bad_and_repeated_events()
    {
        await using var door = TestDoor.Open();
        var taken = await Taken(await door.EventsAsync("""
            [{"event":"click","visitor_id":"a","event_id":"1"},7,{"event":"click","visitor_id":"a","event_id":"1"},
             {"event":"click","visitor_id":"b","event_id":"1"},{"event":"click"},{"event":"click","visitor_id":"a"},{"event":"click","visitor_id":"a"}]
            """));
        Assert.Equal((4, 1), (taken.GetProperty("accepted").GetInt32(), taken.GetProperty("duplicates").GetInt32()));
        Assert.Equal([(1, "not_an_event"), (4, "person_missing")],
            taken.GetProperty("refused").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("reason").GetString()!)));
        var records = await door.RecordsAsync();
        Assert.Equal((4, 2), (records.Count(r => r.Kind == RecordKind.Event), records.Count(r => r.Kind == RecordKind.Refused)));
        Assert.Contains(records, r => r[Field.Payload] == "7");
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("wrong", 401)]
    [InlineData("", 401)]
    [InlineData(TestDoor.WriteKey, 202)]
    [InlineData(TestDoor.AdminKey, 202)]
    public async Task Only_a_key_opens_the_door(string? key, int status)
    {
        await using var door = TestDoor.Open();
        var answer = await door.EventsAsync("""{"event":"click","visitor_id":"a"}""", key);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 202 ? 1 : 0, (await door.RecordsAsync()).Count);
        if (status == 401) Assert.Contains("\"error\":{\"code\":\"key_", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestDoor.OtherKey, "demo", "site_not_allowed")]
    [InlineData(TestDoor.OtherKey, "G-DEMO", "site_not_allowed")]
    [InlineData(TestDoor.OtherKey, "nobody", "unknown_site")]
    [InlineData(TestDoor.AdminKey, "nobody", "unknown_site")]
    [InlineData(TestDoor.AdminKey, null, "unknown_site")]
    [InlineData(TestDoor.AdminKey, "1", "")]
    [InlineData(TestDoor.WriteKey, null, "")]
    public async Task A_key_writes_only_to_its_site(string key, string? site, string reason)
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo, TestDoor.Other]);
        var json = site is null ? """{"event":"click","visitor_id":"a"}""" : $$"""{"event":"click","visitor_id":"a","site":"{{site}}"}""";
        var refused = (await Taken(await door.EventsAsync(json, key))).GetProperty("refused");
        Assert.Equal(reason, refused.GetArrayLength() == 0 ? "" : refused[0].GetProperty("reason").GetString());
        if (reason.Length == 0) Assert.Equal("demo", (await door.OnlyRecordAsync()).Site);
    }

    [Fact]
    public async Task A_lead_alone_goes_to_the_actor_of_its_first_identifier()
    {
        await using var door = TestDoor.Open();
        await door.EventsAsync("""[{"event":"identify","lead":{"external_id":"x"}},{"event":"identify","lead":{"external_id":"x","phone":"+380501234567"}}]""");
        var records = await door.RecordsAsync();
        Assert.Contains(records, r => r.Key == "ix:x" && r[Field.Identifier] == "x:x");
        Assert.Contains(records, r => r.Key == "ip:" + door.Keyring.Identify("demo", 'p', "+380501234567") && r[Field.ExternalId] == "x");
    }

    [Fact]
    public async Task When_the_log_says_no_it_is_503()
    {
        await using var door = TestDoor.Open();
        door.Log.Refusal = new LogUnavailableException("full", "full");
        var answer = await door.EventsAsync("""{"event":"click","visitor_id":"a"}""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (answer.StatusCode, answer.Headers.RetryAfter!.ToString()));
    }

    [Fact]
    public async Task An_import_is_marked_and_what_it_can_not_read_is_kept_under_its_line()
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo, TestDoor.Other]);
        const string Body = """
            [{"event":"click","visitor_id":"a","site":"demo"},{"malformed_line":"1.2.3.4 - broken","site":"demo","event_id":"l1"},
             {"event":"page_view","visitor_id":"a","site":"demo","event_id":"l2"}]
            """;
        for (var times = 0; times < 2; times++)
            Assert.Equal(1, (await Taken(await door.EventsAsync(Body, TestDoor.AdminKey, ("ClosedLoop-Import", "access-log")))).GetProperty("accepted").GetInt32());
        var records = await door.RecordsAsync();
        Assert.Contains(records, r => r.Flags == (EventFlags.Verified | EventFlags.Imported) && r[Field.Door] == "import");
        // The same line twice meets the same partition, whose owner knows it.
        foreach (var (line, reason) in new[] { ("l1", "malformed_line"), ("l2", "field_missing") })
        {
            var kept = records.Where(r => r[Field.EventId] == line).ToList();
            Assert.Equal((2, 1), (kept.Count, kept.Select(r => r.Partition).Distinct().Count()));
            Assert.All(kept, r => Assert.Equal((RecordKind.Refused, reason, "demo"), (r.Kind, r[Field.Reason], r.Site)));
        }
        Assert.Contains(records, r => r[Field.Payload] == "1.2.3.4 - broken");
    }
}
