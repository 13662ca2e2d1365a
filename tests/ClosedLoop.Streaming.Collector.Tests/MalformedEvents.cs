namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>An event with one mistake: why it must be refused, and the path at which.</summary>
internal sealed record Wrong(string Json, string Reason, string Field);

/// <summary>Events of a CRM and a shop with one mistake each, drawn from a seed.</summary>
internal static partial class MalformedEvents
{
    private static readonly string[] NoTime =
        ["\"yesterday\"", "\"2026-13-01\"", "\"2026-02-30T00:00:00Z\"", "1763720000000", "\"1763720000\"", "\"1969-12-31\"", "\"21.11.2026\"", "[]", "true", "\"2026-11-21T25:00:00Z\"", "\"\""];
    private static readonly string[] NoEmail = ["\"nobody\"", "\"a@b@c.example\"", "\"@x.example\"", "[\"a@b.example\"]", "true", "\"a b@c.example\""];

    private static readonly Func<Random, Wrong>[] OfPeople =
    [
        // The event itself
        r => new(Pick(r, "7", "null", "\"text\"", "[]", "{}", "true", "[{}]", """{"name":"deal_won"}"""), "not_an_event", ""),
        r => new($$"""{"event":{{Pick(r, "7", "\"\"", "[]", "true", "\"a\\u0007\"", $"\"{Long(r, 65)}\"")}},"visitor_id":"v"}""", "bad_event_name", "event"),
        r => new($$$"""{"event":"click","visitor_id":"v","site":{{{Pick(r, "\"nowhere\"", "7", "[]", "\"\"", "{}")}}}}""", "unknown_site", "site"),
        _ => new("""{"event":"click","visitor_id":"v","site":"other"}""", "unknown_site", "site"),
        r => new($$$"""{"event":"click","visitor_id":"v","event_id":{{{Pick(r, "\"\"", $"\"{Long(r, 65)}\"", "[]", "{}", "true", "\"a\\u0000b\"")}}}}""", "bad_event_id", "event_id"),
        r => new($$$"""{"event":"click","visitor_id":{{{Pick(r, "\"a b\"", $"\"{Long(r, 65)}\"", "[\"a\"]", "{}", "\"ж\"", "true", "\"a/b\"")}}}}""", "bad_visitor_id", "visitor_id"),
        r => new($$$"""{"event":"click","visitor_id":"v","occurred_at":{{{Pick(r, NoTime)}}}}""", "bad_time", "occurred_at"),
        r => new($$"""{"event":"click","visitor_id":"v","occurred_at":"{{Pick(r, "2026-11-21T12:05:01Z", "2027-01-01", "9999-12-31T23:59:59Z", "2026-11-21T12:05:00.001")}}"}""", "time_ahead", "occurred_at"),
        r => new($$"""{"event":"{{Pick(r, "\\ud800", "x\\udc00")}}","visitor_id":"v"}""", "bad_text", ""),
        r => new($$$"""{"event":"click","visitor_id":"v","properties":{{{Pick(r, "[]", "7", "\"{}\"", "true", $"{{\"a\":\"{Long(r, 33_000)}\"}}")}}}}""", "bad_properties", "properties"),
        // The person
        r => new($$$"""{"event":"{{{Pick(r, "click", "my own", "begin_checkout")}}}"{{{Pick(r, "", ",\"lead\":{}", ",\"lead\":{\"email\":\"\"}", ",\"lead\":{\"email\":null,\"phone\":null}")}}}}""", "person_missing", "visitor_id"),
        r => new($$"""{"event":"{{Pick(r, "identify", "contacted", "stage_changed", "satisfaction_scored")}}","visitor_id":"v","stage":"mql","channel":"phone","direction":"in","score":7}""", "lead_missing", "lead"),
        r => new($$$"""{"event":"identify","lead":{{{Pick(r, "7", "[]", "\"a@b.example\"", "true", "[{}]")}}}}""", "lead_missing", "lead"),
        r => new($$$"""{"event":"identify","lead":{"email":{{{Pick(r, NoEmail)}}}}}""", "bad_email", "lead.email"),
        r => new($$$"""{"event":"identify","lead":{"phone":{{{Pick(r, "\"12\"", "\"call me\"", "[]", "true", "12345678901234567890", "\"+\"")}}}}}""", "bad_phone", "lead.phone"),
        r => new($$$"""{"event":"identify","lead":{"external_id":{{{Pick(r, $"\"{Long(r, 129)}\"", "\"a\\u0001\"", "[]", "{}", "true")}}}}}""", "bad_external_id", "lead.external_id"),
        r => new($$$"""{"event":"identify","lead":{"external_id":"x","traits":{{{Pick(r, "[]", "7", "\"x\"", """{"a":{"b":1}}""", """{"a":[1]}""", Traits(51))}}}}}""", "bad_traits", "lead.traits"),
        r => new($$"""{"event":"visitors_merged"{{Pick(r, "", ",\"visitor_id\":\"a\"")}},"reason":"same"}""", "field_missing", ""),
        r => new($$"""{"event":"{{Pick(r, "visitors_merged", "visitors_unmerged")}}","visitor_ids":{{Pick(r, "[]", "[\"a\"]", "[\"a\",\"b\",\"c\"]")}},"reason":"same"}""", "bad_visitor_id", "visitor_ids"),
        r => new($$"""{"event":"{{Pick(r, "visitors_merged", "visitors_unmerged")}}","visitor_ids":["same","same"],"reason":"same"}""", "bad_visitor_id", "other_visitor_id"),
        r => new($$"""{"event":"visitors_merged","visitor_id":"a","other_visitor_id":{{Pick(r, "\"b b\"", "[]", $"\"{Long(r, 65)}\"")}},"reason":"same"}""", "bad_visitor_id", "other_visitor_id"),
        r => new($$"""{"event":"{{Pick(r, "visitors_merged", "visitors_unmerged")}}","visitor_id":"a","other_visitor_id":"b"}""", "field_missing", "reason"),
    ];
}
