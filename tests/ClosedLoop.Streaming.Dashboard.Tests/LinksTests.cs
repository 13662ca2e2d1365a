namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class LinksTests
{
    [Fact]
    public async Task A_link_is_made_and_its_addresses_lead_there()
    {
        await using var system = await TestSystem.StartAsync(o => o.PublicUrl = "https://t.example/");
        var made = await system.JsonAsync("POST", "/v1/links", """
            {"url":"https://shop.example/tents?x=1","site":"demo","source":"flyer","medium":"print","campaign":"spring","channel":"Offline","code":"T7","cost":120.5}
            """, 201);
        var slug = made.Text("slug")!;
        Assert.Matches("^[a-z0-9]{8}$", slug);
        Assert.Equal("https://t.example/r/" + slug, made.Text("short_url"));
        Assert.Equal(("EUR", 120.5m), (made.Text("currency"), made.GetProperty("cost").GetDecimal()));
        foreach (var address in new[] { made.Text("short_url")!, made.Text("signed_url")! })
        {
            using var answer = await system.SendAsync("GET", new Uri(address).PathAndQuery, key: null);
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            Assert.Equal("https://shop.example/tents?x=1", answer.Headers.Location!.OriginalString);
        }
        Assert.Equal("autumn", (await system.JsonAsync("PATCH", "/v1/links/" + slug, """{"campaign":"autumn"}""")).Text("campaign"));
        Assert.Equal(1, (await system.JsonAsync("GET", "/v1/links?site=G-DEMO")).GetArrayLength());
        Assert.Equal(0, (await system.JsonAsync("GET", "/v1/links?site=other")).GetArrayLength());
        await system.JsonAsync("DELETE", "/v1/links/" + slug, null, 204);
        using var gone = await system.SendAsync("GET", "/r/" + slug, key: null);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Its_short_address_is_a_QR_code()
    {
        await using var system = await TestSystem.StartAsync();
        await system.JsonAsync("POST", "/v1/links", """{"slug":"poster","url":"https://shop.example/","site":"demo"}""", 201);
        using var answer = await system.SendAsync("GET", "/v1/links/poster/qr.svg");
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        var svg = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"", svg, StringComparison.Ordinal);
        var document = System.Xml.Linq.XDocument.Parse(svg);
        // The finder pattern in the corner: seven black modules in the first row behind the quiet zone of four.
        Assert.StartsWith("M4 4h7v1h-7z", document.Root!.Elements().Last().Attribute("d")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_refused()
    {
        await using var system = await TestSystem.StartAsync();
        await system.JsonAsync("POST", "/v1/links", """{"slug":"known","url":"https://shop.example/","site":"demo"}""", 201);
        (string Method, string Path, string? Body, int Status, string Code)[] rows =
        [
            ("POST", "/v1/links", """{"site":"demo"}""", 400, "bad_url"),
            ("POST", "/v1/links", """{"site":"demo","url":"javascript:alert(1)"}""", 400, "bad_url"),
            ("POST", "/v1/links", """{"site":"demo","url":"//shop.example/"}""", 400, "bad_url"),
            ("POST", "/v1/links", """{"site":"demo","url":"https://user@shop.example/"}""", 400, "bad_url"),
            ("POST", "/v1/links", """{"site":"demo","url":"https://shop.example\\@evil.example/"}""", 400, "bad_url"),
            ("POST", "/v1/links", """{"url":"https://shop.example/"}""", 400, "bad_field"),
            ("POST", "/v1/links", """{"site":"nobody","url":"https://shop.example/"}""", 404, "unknown_site"),
            ("POST", "/v1/links", """{"site":"demo","url":"https://shop.example/","slug":"a.b"}""", 400, "bad_field"),
            ("POST", "/v1/links", """{"site":"demo","url":"https://shop.example/","slug":"known"}""", 409, "taken"),
            ("POST", "/v1/links", """{"site":"demo","url":"https://shop.example/","cost":-1}""", 400, "bad_field"),
            ("POST", "/v1/links", """{"site":"demo","url":"https://shop.example/","cost":"1"}""", 400, "bad_field"),
            ("POST", "/v1/links", """{"site":"demo","url":"https://shop.example/","utm":"x"}""", 400, "unknown_field"),
            ("PATCH", "/v1/links/nothing", "{}", 404, "unknown_link"),
            ("PATCH", "/v1/links/known", """{"slug":"else"}""", 400, "bad_field"),
            ("PATCH", "/v1/links/known", """{"url":null}""", 400, "bad_url"),
            ("GET", "/v1/links/nothing", null, 404, "unknown_link"),
            ("GET", "/v1/links/nothing/qr.svg", null, 404, "unknown_link"),
            ("DELETE", "/v1/links/nothing", null, 404, "unknown_link"),
        ];
        foreach (var (method, path, body, status, code) in rows)
            Assert.Equal((code, body), ((await system.ErrorAsync(method, path, body, status)).Text("code"), body));
    }
}
