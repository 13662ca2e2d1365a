namespace ClosedLoop.Streaming.Collector.Tests;

internal static partial class MalformedEvents
{
    private static readonly string[] NoText = ["[]", "{}", "true", "false", "[[[1]]]", """{"a":{"b":1}}""", "[\"x\"]"];
    private static readonly string[] NoMoney =
        ["-1", "-0.0001", "1e400", "-1e400", "100000000000.01", "1e30", "\"12\"", "\"NaN\"", "\"Infinity\"", "\"\u0661\"", "\"1,5\"", "\"$5\"", "\" \""];

    private static readonly Func<Random, Wrong>[] OfValues =
    [
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
