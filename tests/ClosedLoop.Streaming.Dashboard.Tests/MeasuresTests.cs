using System.Globalization;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>Every measure of CONTRACT.md §4 from outside: events through the door, rules through the preview.</summary>
public sealed class MeasuresTests
{
    /// <summary>Rules that hold for Anna, who did everything, and not for Ben, who was only named.</summary>
    private static readonly string[] _ofAnna =
    [
        "page_views = 2", "sessions = 1", "orders = 1", "purchase_days = 1", "open_deals = 1", "revenue = 175", "gross_profit = 25", "average_order = 75",
        "discount_share = 0.2", "last_satisfaction = 7", "days_since_first_visit > 8.9", "days_since_last_visit < 9", "days_since_last_activity > 0 and orders > 0",
        "days_since_last_order > 7.9", "days_since_last_contact > 6.9", "days_in_stage > 2.9", "days_since_form(\"demo\",\"other\") > 8.9",
        "stage = \"repeat\"", "channel = \"Paid Search\"", "first_channel = \"Paid Search\"", "source = \"google\"", "campaign = \"spring\"", "device = \"mobile\"",
        "preferred_contact = \"phone\"", "affinity = \"tents\"", "lost_reason = \"price\"", "trait(\"city\") = \"Lviv\"", "count(\"message_opened\",30d) = 1",
        "cart_open", "visited(\"/tents*\") and not visited(\"/tents\")", "not (trait(\"gone\") = \"here\") and orders = 1",
    ];

    /// <summary>Rules that hold for nobody, because what they ask is absent or otherwise.</summary>
    private static readonly string[] _ofNobody = ["arm(\"checkout\") != \"x\"", "country != \"x\"", "trait(\"gone\") != \"x\"", "last_satisfaction != 7", "not consented", "days_since_form(\"other\") >= 0"];

    [Fact]
    public async Task Every_measure_answers_a_rule_in_the_preview()
    {
        await using var system = await TestSystem.StartAsync();
        await system.EventAsync("[" + string.Join(',', Story()) + "]");
        await TestSystem.EventuallyAsync(async () => await EnterAsync(system, "revenue = 175 and count(\"message_opened\",30d) = 1 and stage = \"repeat\"") == 1
            && await EnterAsync(system, "stage = \"lead\"") == 1, "Anna and Ben are known");
        foreach (var rule in _ofAnna) Assert.True(await EnterAsync(system, rule) == 1, rule);
        foreach (var rule in _ofNobody) Assert.True(await EnterAsync(system, rule) == 0, rule);
        Assert.Equal(2, await EnterAsync(system, "consented"));
    }

    private static async Task<long> EnterAsync(TestSystem system, string rule)
    {
        var body = JsonSerializer.Serialize(new Dictionary<string, string> { ["rule"] = rule });
        return (await system.JsonAsync("POST", "/v1/segments/tried/preview", body)).GetProperty("enter").GetProperty("count").GetInt64();
    }

    private static IEnumerable<string> Story()
    {
        var now = TimeProvider.System.GetUtcNow();
        string Event(double daysAgo, string rest) => $$"""{"site":"demo","occurred_at":"{{now.AddDays(-daysAgo).ToString("o", CultureInfo.InvariantCulture)}}",{{rest}}}""";
        const string Anna = "\"lead\":{\"external_id\":\"anna\"}";
        const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        yield return Event(9, $$"""
            "event":"page_view","visitor_id":"v1","url":"https://shop.example/","user_agent":"{{Phone}}","campaign":{"source":"google","medium":"cpc","campaign":"spring"}
            """);
        yield return Event(8.999, "\"event\":\"page_view\",\"visitor_id\":\"v1\",\"url\":\"https://shop.example/tents/alp\"");
        yield return Event(8.998, "\"event\":\"form_submit\",\"visitor_id\":\"v1\",\"form\":\"demo\"," + Anna);
        yield return Event(8, "\"event\":\"purchase\"," + Anna + """
            ,"properties":{"order_id":"O-1","revenue":80,"currency":"EUR","discount":20,"items":[{"category":"tents","brand":"Alp","price":100,"cost":50}]}
            """);
        yield return Event(7.5, "\"event\":\"refund\"," + Anna + ",\"properties\":{\"order_id\":\"O-1\",\"revenue\":5}");
        yield return Event(7, "\"event\":\"contacted\"," + Anna + ",\"channel\":\"phone\",\"direction\":\"in\"");
        yield return Event(6, "\"event\":\"deal_opened\"," + Anna + ",\"properties\":{\"deal_id\":\"D-1\",\"deal_stage\":\"new\",\"amount\":1,\"currency\":\"EUR\"}");
        yield return Event(5, "\"event\":\"deal_lost\"," + Anna + ",\"properties\":{\"deal_id\":\"D-2\",\"reason\":\"price\"}");
        yield return Event(3, "\"event\":\"deal_won\"," + Anna + ",\"properties\":{\"deal_id\":\"D-3\",\"revenue\":100,\"currency\":\"EUR\"}");
        yield return Event(2, "\"event\":\"satisfaction_scored\"," + Anna + ",\"score\":7");
        yield return Event(2, "\"event\":\"add_to_cart\",\"visitor_id\":\"v1\"");
        yield return Event(1.5, "\"event\":\"identify\",\"lead\":{\"external_id\":\"anna\",\"traits\":{\"city\":\"Lviv\",\"gone\":\"here\"}}");
        yield return Event(1.4, "\"event\":\"identify\",\"lead\":{\"external_id\":\"anna\",\"traits\":{\"gone\":null}}");
        yield return Event(1, "\"event\":\"message_opened\"," + Anna + ",\"channel\":\"email\",\"campaign\":\"news\"");
        yield return Event(1, "\"event\":\"identify\",\"lead\":{\"external_id\":\"ben\"}");
    }
}
