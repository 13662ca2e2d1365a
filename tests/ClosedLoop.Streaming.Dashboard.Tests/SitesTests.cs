namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class SitesTests
{
    [Fact]
    public async Task A_site_is_added_changed_and_read()
    {
        await using var system = await TestSystem.StartAsync();
        var made = await system.JsonAsync("POST", "/v1/sites", """
            {"id":"shop","hosts":["Shop.Example","*.shop.example","127.0.0.1:8443","bücher.example"],"aliases":["UA-1","7"],"timezone":"Europe/Kyiv","currency":"uah",
             "lookback_days":30,"consent":"opt_in","redact":["Promo"],"channel_rules":[{"channel":"Partners","referrer":"*partner*"}],
             "retention":{"events_days":400},"trust_public_money":true,"honour_do_not_track":true}
            """, 201);
        Assert.Equal(["shop.example", "*.shop.example", "127.0.0.1:8443", "xn--bcher-kva.example"], made.Texts("hosts"));
        Assert.Equal(["UA-1", "7"], made.Texts("aliases"));
        Assert.Equal(("Europe/Kyiv", "UAH", 30, "opt_in"), (made.Text("timezone"), made.Text("currency"), made.GetProperty("lookback_days").GetInt32(), made.Text("consent")));
        Assert.Equal(["promo"], made.Texts("redact"));
        Assert.Equal("Partners", made.GetProperty("channel_rules")[0].Text("channel"));
        Assert.Equal((400, 90), (made.GetProperty("retention").GetProperty("events_days").GetInt32(), made.GetProperty("retention").GetProperty("refused_days").GetInt32()));
        Assert.True(made.GetProperty("trust_public_money").GetBoolean() && made.GetProperty("honour_do_not_track").GetBoolean());
        Assert.StartsWith("clw_", made.Text("write_key"), StringComparison.Ordinal);
        Assert.StartsWith("clr_", made.Text("report_key"), StringComparison.Ordinal);

        var changed = await system.JsonAsync("PATCH", "/v1/sites/shop", """{"timezone":"UTC","redact":null}""");
        Assert.Equal(("UTC", "UAH"), (changed.Text("timezone"), changed.Text("currency")));
        Assert.Contains("password", changed.Texts("redact"));
        Assert.Equal(made.Text("write_key"), changed.Text("write_key"));
        Assert.Equal("USD", (await system.JsonAsync("PATCH", "/v1/sites", """{"id":"shop","currency":"USD"}""")).Text("currency"));
        Assert.Equal("shop", (await system.JsonAsync("GET", "/v1/sites/UA-1")).Text("id"));
        Assert.Equal(["demo", "other", "shop"], (await system.JsonAsync("GET", "/v1/sites")).EnumerateArray().Select(s => s.Text("id")));
    }

    [Fact]
    public async Task What_is_wrong_is_refused()
    {
        await using var system = await TestSystem.StartAsync();
        (string Method, string Path, string Body, int Status, string Code)[] rows =
        [
            ("POST", "/v1/sites", """{}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"a b"}""", 400, "bad_field"),
            ("POST", "/v1/sites", $$"""{"id":"{{new string('a', 65)}}"}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"demo"}""", 409, "taken"),
            ("POST", "/v1/sites", """{"id":"G-DEMO"}""", 409, "taken"),
            ("POST", "/v1/sites", """{"id":"new","aliases":["demo"]}""", 409, "taken"),
            ("POST", "/v1/sites", """{"id":"new","aliases":["G-DEMO"]}""", 409, "taken"),
            ("POST", "/v1/sites", """{"id":"new","aliases":["a/b"]}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","hosts":["https://shop.example"]}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","hosts":["user@shop.example"]}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","hosts":[null]}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","timezone":"Mars/Olympus"}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","timezone":"../etc/passwd"}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","timezone":"W. Europe Standard Time"}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","currency":"EURO"}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","currency":"ZZZ"}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","lookback_days":0}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","consent":"maybe"}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","redact":["a\u0000b"]}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","channel_rules":[{"channel":"X"}]}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","channel_rules":[null]}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","retention":{"events_days":-1}}""", 400, "bad_field"),
            ("POST", "/v1/sites", """{"id":"new","write_key":"mine"}""", 400, "unknown_field"),
            ("PATCH", "/v1/sites/nobody", """{}""", 404, "unknown_site"),
            ("PATCH", "/v1/sites/demo", """{"id":"other"}""", 400, "bad_field"),
            ("PATCH", "/v1/sites/other", """{"aliases":["G-DEMO"]}""", 409, "taken"),
            ("PATCH", "/v1/sites", """{"currency":"EUR"}""", 400, "bad_field"),
        ];
        foreach (var (method, path, body, status, code) in rows)
            Assert.Equal((code, body), ((await system.ErrorAsync(method, path, body, status)).Text("code"), body));
        Assert.Equal(2, (await system.JsonAsync("GET", "/v1/sites")).GetArrayLength());
    }

    [Fact]
    public async Task More_sites_than_allowed_are_refused()
    {
        await using var system = await TestSystem.StartAsync(o => o.SitesMax = 2);
        Assert.Equal("limit_reached", (await system.ErrorAsync("POST", "/v1/sites", """{"id":"third"}""", 409)).Text("code"));
    }
}
