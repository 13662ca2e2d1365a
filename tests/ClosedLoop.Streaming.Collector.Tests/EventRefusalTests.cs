using System.Net;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>One row per rule of the events door that refuses an event.</summary>
public class EventRefusalTests
{
    public static TheoryData<string, string> Rows => new()
    {
        { "7", "not_an_event" }, { "\"x\"", "not_an_event" }, { "null", "not_an_event" }, { "{}", "not_an_event" }, { """{"name":"click"}""", "not_an_event" },
        { """{"event":7}""", "bad_event_name" }, { """{"event":""}""", "bad_event_name" }, { """{"event":"a\u0000"}""", "bad_event_name" },
        { $$"""{"event":"{{new string('x', 65)}}","visitor_id":"v"}""", "bad_event_name" },
        { """{"event":"click","visitor_id":"v","event_id":""}""", "bad_event_id" },
        { $$"""{"event":"click","visitor_id":"v","event_id":"{{new string('x', 65)}}"}""", "bad_event_id" },
        { """{"event":"click","visitor_id":"a b"}""", "bad_visitor_id" }, { $$"""{"event":"click","visitor_id":"{{new string('x', 65)}}"}""", "bad_visitor_id" },
        { """{"event":"click","visitor_id":["a"]}""", "bad_visitor_id" }, { """{"event":"click","visitor_id":"ж"}""", "bad_visitor_id" },
        { """{"event":"click"}""", "person_missing" }, { """{"event":"click","lead":{}}""", "person_missing" }, { """{"event":"click","lead":{"email":""}}""", "person_missing" },
        { """{"event":"click","lead":"anna"}""", "lead_missing" }, { """{"event":"identify","visitor_id":"v"}""", "lead_missing" },
        { """{"event":"click","lead":{"email":"nobody"}}""", "bad_email" }, { """{"event":"click","lead":{"email":"a@b@c"}}""", "bad_email" },
        { """{"event":"click","lead":{"email":["a@b.c"]}}""", "bad_email" }, { """{"event":"click","lead":{"phone":"12"}}""", "bad_phone" },
        { """{"event":"click","lead":{"external_id":"a\nb"}}""", "bad_external_id" },
        { """{"event":"click","visitor_id":"v","lead":{"traits":{"a":{"b":1}}}}""", "bad_traits" }, { """{"event":"click","visitor_id":"v","lead":{"traits":[]}}""", "bad_traits" },
        { $$$"""{"event":"click","visitor_id":"v","lead":{"traits":{{{{string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"t{i}\":1"))}}} } } }""", "bad_traits" },
        { """{"event":"click","visitor_id":"v","occurred_at":"yesterday"}""", "bad_time" }, { """{"event":"click","visitor_id":"v","occurred_at":1}""", "bad_time" },
        { """{"event":"click","visitor_id":"v","occurred_at":"1969-12-31T23:59:59Z"}""", "bad_time" },
        { """{"event":"click","visitor_id":"v","occurred_at":"2026-11-21T12:05:00.001Z"}""", "time_ahead" },
        { """{"event":"click","visitor_id":"v","occurred_at":"2026-11-21T12:05:01"}""", "time_ahead" },
        { """{"event":"page_view","visitor_id":"v"}""", "field_missing" }, { """{"event":"page_view","visitor_id":"v","url":"/tents"}""", "bad_url" },
        { """{"event":"page_view","visitor_id":"v","url":"javascript:alert(1)"}""", "bad_url" },
        { """{"event":"purchase","visitor_id":"v","properties":{"order_id":"o","revenue":1}}""", "field_missing" },
        { """{"event":"purchase","visitor_id":"v","properties":{"revenue":1,"currency":"EUR"}}""", "field_missing" },
        { Purchase("-1"), "bad_money" }, { Purchase("\"1\""), "bad_money" }, { Purchase("1e400"), "bad_money" }, { Purchase("100000000000.01"), "bad_money" },
        { Purchase("true"), "field_missing" }, { Purchase("1", "eur"), "bad_currency" }, { Purchase("1", "EURO"), "bad_currency" }, { Purchase("1", "USD"), "currency_without_rate" },
        { Purchase("1", "EUR", ",\"items\":{}"), "bad_items" }, { Purchase("1", "EUR", ",\"items\":[1]"), "bad_items" },
        { Purchase("1", "EUR", ",\"items\":[{\"price\":\"x\"}]"), "bad_items" }, { Purchase("1", "EUR", ",\"items\":[{\"price\":1e11,\"quantity\":1e11}]"), "bad_items" },
        { Purchase("1", "EUR", ",\"discount\":-1"), "bad_money" },
        { Of("satisfaction_scored", "\"score\":11"), "bad_score" }, { Of("satisfaction_scored", "\"score\":-1"), "bad_score" }, { Of("satisfaction_scored", "\"score\":7.5"), "bad_score" },
        { Of("stage_changed", "\"stage\":\"friend\""), "bad_stage" }, { Of("contacted", "\"channel\":\"phone\",\"direction\":\"up\""), "bad_direction" },
        { Of("deal_opened", "\"deal_id\":\"d\",\"deal_stage\":\"s\",\"amount\":1"), "field_missing" }, { Of("message_sent", "\"channel\":\"email\""), "field_missing" },
        { """{"event":"visitors_unmerged","visitor_id":"a","other_visitor_id":"a","reason":"r"}""", "bad_visitor_id" },
        { """{"event":"visitors_merged","visitor_id":"a","reason":"r"}""", "field_missing" }, { """{"event":"visitors_merged","visitor_ids":["a","b","c"],"reason":"r"}""", "bad_visitor_id" },
        { """{"event":"click","visitor_id":"v","properties":[]}""", "bad_properties" },
        { $$$"""{"event":"click","visitor_id":"v","properties":{"a":"{{{new string('x', 33_000)}}}"}}""", "bad_properties" },
        { """{"event":"\ud800","visitor_id":"v"}""", "bad_text" }, { """{"event":"click","visitor_id":"v","site":"\udc00x"}""", "bad_text" },
    };

    private static string Purchase(string revenue, string currency = "EUR", string more = "") =>
        $$$"""{"event":"purchase","visitor_id":"v","properties":{"order_id":"o","revenue":{{{revenue}}},"currency":"{{{currency}}}"{{{more}}}}}""";

    private static string Of(string name, string properties) =>
        $$$"""{"event":"{{{name}}}","lead":{"external_id":"x"},"properties":{{{{properties}}}}}""";

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_rule_refuses_by_name_and_keeps_what_came(string json, string reason)
    {
        await using var door = TestDoor.Open();
        // Among others, and alone: neither changes what becomes of it, or of its neighbours.
        var answer = await door.EventsAsync($$"""[{"event":"click","visitor_id":"n1"},{{json}},{"event":"click","visitor_id":"n2"}]""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var taken = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(2, taken.GetProperty("accepted").GetInt32());
        var refused = Assert.Single(taken.GetProperty("refused").EnumerateArray());
        Assert.Equal((1, reason), (refused.GetProperty("index").GetInt32(), refused.GetProperty("reason").GetString()));
        Assert.NotEmpty(refused.GetProperty("detail").GetString()!);
        var kept = (await door.RecordsAsync()).Single(r => r.Kind == RecordKind.Refused);
        Assert.Equal(reason, kept[Field.Reason]);
        if (!json.Contains('@', StringComparison.Ordinal) && reason != "bad_phone") Assert.Equal(json[..Math.Min(json.Length, 16 * 1024)], kept[Field.Payload]);
        Assert.Equal(HttpStatusCode.Accepted, (await door.EventsAsync(json)).StatusCode);
    }

    [Theory]
    [InlineData("", "not_json")]
    [InlineData("{", "not_json")]
    [InlineData("[{\"event\":\"click\",\"visitor_id\":\"a\"}", "not_json")]
    [InlineData("{\"event\":\"click\",\"visitor_id\":\"a\"}x", "not_json")]
    [InlineData("{\"event\":\"click\",\"visitor_id\":\"a\"}{}", "not_json")]
    [InlineData("{'event':'click'}", "not_json")]
    [InlineData("[1,]", "not_json")]
    [InlineData("// a\n{}", "not_json")]
    [InlineData("\"\u00ff", "not_json")]
    public async Task A_body_that_is_no_json_is_400_as_a_whole_and_kept(string body, string code)
    {
        await using var door = TestDoor.Open();
        var answer = await door.EventsAsync(Encoding.Latin1.GetBytes(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var kept = await door.OnlyRecordAsync();
        Assert.Equal((RecordKind.Refused, code), (kept.Kind, kept[Field.Reason]));
    }

    [Fact]
    public async Task The_thousand_and_first_event_of_a_request_is_refused()
    {
        await using var door = TestDoor.Open();
        var body = "[" + string.Join(',', Enumerable.Range(0, 1001).Select(i => $$"""{"event":"click","visitor_id":"v{{i}}"}""")) + "]";
        var taken = JsonDocument.Parse(await (await door.EventsAsync(body)).Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(1000, taken.GetProperty("accepted").GetInt32());
        Assert.Equal((1000, "too_many_events"), (taken.GetProperty("refused")[0].GetProperty("index").GetInt32(), taken.GetProperty("refused")[0].GetProperty("reason").GetString()));
    }
}
