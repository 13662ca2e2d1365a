namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>An event with one mistake: why it must be refused, and the path at which.</summary>
internal sealed record Wrong(string Json, string Reason, string Field);

/// <summary>Events of a CRM and a shop with one mistake each, drawn from a seed.</summary>
internal static partial class MalformedEvents
{
    private static readonly string[] NoText = ["[]", "{}", "true", "false", "[[[1]]]", """{"a":{"b":1}}""", "[\"x\"]"];
    private static readonly string[] NoMoney =
        ["-1", "-0.0001", "1e400", "-1e400", "100000000000.01", "1e30", "\"12\"", "\"NaN\"", "\"Infinity\"", "\"\u0661\"", "\"1,5\"", "\"$5\"", "\" \""];
    private static readonly string[] NoTime =
        ["\"yesterday\"", "\"2026-13-01\"", "\"2026-02-30T00:00:00Z\"", "1763720000000", "\"1763720000\"", "\"1969-12-31\"", "\"21.11.2026\"", "[]", "true", "\"2026-11-21T25:00:00Z\"", "\"\""];
    private static readonly string[] NoEmail = ["\"nobody\"", "\"a@b@c.example\"", "\"@x.example\"", "[\"a@b.example\"]", "true", "\"a b@c.example\""];

    private static readonly Func<Random, Wrong>[] Kinds =
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
        r => new($$"""{"event":"visitors_merged","visitor_id":"a","other_visitor_id":{{Pick(r, "\"b b\"", "[]", $"\"{Long(r, 65)}\"")}},"reason":"same"}""", "bad_visitor_id", "other_visitor_id"),
        r => new($$"""{"event":"{{Pick(r, "visitors_merged", "visitors_unmerged")}}","visitor_id":"a","other_visitor_id":"b"}""", "field_missing", "reason"),
        // What each event needs
        r => Missing(r, "deal_opened", "\"deal_stage\":\"s\",\"amount\":1,\"currency\":\"EUR\"", "deal_id"),
        r => Missing(r, "deal_moved", "\"deal_id\":\"d\",\"amount\":1,\"currency\":\"EUR\"", "deal_stage"),
        r => Missing(r, "deal_opened", "\"deal_id\":\"d\",\"deal_stage\":\"s\",\"currency\":\"EUR\"", "amount"),
        r => Missing(r, "deal_won", "\"deal_id\":\"d\",\"revenue\":1", "currency"),
        r => Missing(r, "deal_won", "\"deal_id\":\"d\",\"currency\":\"EUR\"", "revenue"),
        r => Missing(r, "deal_lost", "\"deal_id\":\"d\"", "reason"),
        r => Missing(r, "purchase", "\"revenue\":1,\"currency\":\"EUR\"", "order_id"),
        r => Missing(r, "refund", "\"order_id\":\"o\"", "revenue"),
        r => Missing(r, "refund", "\"revenue\":1", "order_id"),
        r => Missing(r, "payment_received", "\"order_id\":\"o\"", "amount"),
        r => Missing(r, "stage_changed", Pick(r, "", "\"reason\":\"r\"", "\"stage\":\"\"", "\"stage\":null"), "stage"),
        r => Missing(r, "stage_changed", "\"stage\":\"lost\"", "reason"),
        r => Missing(r, "contacted", "\"direction\":\"in\"", "channel"),
        r => Missing(r, "contacted", "\"channel\":\"phone\"", "direction"),
        r => Missing(r, "satisfaction_scored", "", "score"),
        r => Missing(r, "feedback_given", "\"answer\":\"a\"", "question"),
        r => Missing(r, "feedback_given", "\"question\":\"q\"", "answer"),
        r => Missing(r, "form_submit", "", "form"),
        r => Missing(r, Pick(r, "message_sent", "message_opened", "message_clicked", "message_unsubscribed"), "\"channel\":\"email\"", "campaign"),
        // Values
        r => Of("satisfaction_scored", "score", Pick(r, "11", "-1", "7.5", "1e9", "\"ten\"", "99999999999999999999", "\"NaN\""), "bad_score"),
        r => Of("stage_changed", "stage", Pick(r, "\"friend\"", "\"MQL\"", "\"visitor\"", "\"repeat\"", "7"), "bad_stage") is var w && w.Json.Contains("\":7", StringComparison.Ordinal) ? w with { Reason = "bad_type" } : w,
        r => Of("contacted", "direction", Pick(r, "\"up\"", "\"IN\"", "\"inout\""), "bad_direction", ",\"channel\":\"phone\""),
        r => Of("purchase", "revenue", Pick(r, NoMoney), "bad_money", ",\"order_id\":\"o\",\"currency\":\"EUR\""),
        r => Of("purchase", "discount", Pick(r, NoMoney), "bad_money", ",\"order_id\":\"o\",\"revenue\":1,\"currency\":\"EUR\""),
        r => Of("deal_opened", "amount", Pick(r, NoMoney), "bad_money", ",\"deal_id\":\"d\",\"deal_stage\":\"s\",\"currency\":\"EUR\""),
        r => Of("purchase", "gross_profit", Pick(r, "\"1\"", "1e400", "[]", "true", "-100000000000.01"), "bad_money", ",\"order_id\":\"o\",\"revenue\":1,\"currency\":\"EUR\""),
        r => Of("purchase", "currency", Pick(r, "\"eur\"", "\"EURO\"", "\"E1R\"", "\"€\"", "978"), "bad_currency", ",\"order_id\":\"o\",\"revenue\":1"),
        r => Of("deal_won", "currency", Pick(r, "\"USD\"", "\"XXX\"", "\"JPY\""), "currency_without_rate", ",\"deal_id\":\"d\",\"revenue\":1"),
        r => Of("purchase", "items", Pick(r, "{}", "7", "\"[]\"", "true"), "bad_items", Bought),
        r => Items(r, Pick(r, "7", "[]", "\"tent\""), ""),
        r => Items(r, $$$"""{"price":{{{Pick(r, "-1", "\"5\"", "1e12", "[]", "true")}}}}""", ".price"),
        r => Items(r, $$$"""{"price":1,"quantity":{{{Pick(r, "-1", "\"2\"", "1e12", "{}")}}}}""", ".quantity"),
        r => Items(r, $$$"""{"price":1,"cost":{{{Pick(r, "-1", "\"2\"", "1e12", "false")}}}}""", ".cost"),
        // Ids and kinds of values
        r => Of(Pick(r, "refund", "purchase"), "order_id", Pick(r, $"\"{Long(r, 129)}\"", "\"a\\u0000b\"", "\"   \"", "\"a\\nb\""), "bad_id", ",\"revenue\":1,\"currency\":\"EUR\""),
        r => Of("deal_won", "deal_id", Pick(r, $"\"{Long(r, 129)}\"", "\"\\u007f\"", "\" \"", "\"\\t\""), "bad_id", ",\"revenue\":1,\"currency\":\"EUR\""),
        r => Of("stage_changed", "reason", Pick(r, NoText), "bad_type", ",\"stage\":\"lead\""),
        r => Of("purchase", "coupon", Pick(r, NoText), "bad_type", Bought),
        r => Of("identify", "heard_from", Pick(r, [.. NoText, "7"]), "bad_type"),
        r => Of("purchase", "category", Pick(r, [.. NoText, "7"]), "bad_type", Bought),
        r => new($$$"""{"event":"contacted","lead":{"external_id":"x"},"channel":"mail","direction":"out","campaign":{"{{{Pick(r, "source", "medium", "term", "network")}}}":{{{Pick(r, NoText)}}}}}""", "bad_type", "campaign."),
        r => new($$$"""{"event":"page_view","visitor_id":"v","url":{{{Pick(r, "\"/tents\"", "\"javascript:alert(1)\"", "\"shop.example\"", "\"ftp://shop.example/\"", "7")}}}}""", "bad_url", "url"),
        r => new($$$"""{"event":"page_view","visitor_id":"v","url":"https://shop.example/","referrer":{{{Pick(r, NoText)}}}}""", "bad_type", "referrer"),
    ];
}
