using FsCheck;

namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class PagesTests
{
    private static readonly (string, string) Form = ("Content-Type", "application/x-www-form-urlencoded");

    private static Task<HttpResponseMessage> LoginAsync(TestSystem system, string key, params (string, string)[] headers) =>
        system.SendAsync("POST", "/dashboard/login", "key=" + Uri.EscapeDataString(key), null, [Form, .. headers]);

    [Fact]
    public async Task The_page_opens_with_the_admin_key_and_runs_nothing()
    {
        await using var system = await TestSystem.StartAsync();
        using var closed = await system.SendAsync("GET", "/", key: null);
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        Assert.Contains("type=\"password\"", await closed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var login = await LoginAsync(system, TestSystem.AdminKey);
        Assert.Equal(HttpStatusCode.SeeOther, login.StatusCode);
        var line = login.Headers.GetValues("Set-Cookie").Single();
        foreach (var part in new[] { "httponly", "samesite=strict", "path=/", "max-age=43200" }) Assert.Contains(part, line, StringComparison.OrdinalIgnoreCase);
        await system.JsonAsync("PUT", "/v1/segments/odd", """{"rule":"trait(\"<script>\") = \"&\""}""", 201);
        foreach (var path in new[] { "/", "/dashboard" })
        {
            using var open = await system.SendAsync("GET", path, null, null, ("Cookie", line.Split(';')[0]));
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
            var html = await open.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("style=", html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
            Assert.Contains("/i?aid=demo", html, StringComparison.Ordinal);
            Assert.DoesNotContain(system.WriteKey, html, StringComparison.Ordinal);
            Assert.StartsWith("default-src 'none'; style-src 'self'", open.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(("nosniff", "DENY", "no-referrer"), (open.Headers.GetValues("X-Content-Type-Options").Single(),
                open.Headers.GetValues("X-Frame-Options").Single(), open.Headers.GetValues("Referrer-Policy").Single()));
        }
        using var closedPaths = await system.SendAsync("GET", "/dashboard/paths?site=demo", key: null);
        Assert.Contains("type=\"password\"", await closedPaths.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var paths = await system.SendAsync("GET", "/dashboard/paths?site=%3Cscript%3E", null, null, ("Cookie", line.Split(';')[0]));
        Assert.Equal(HttpStatusCode.OK, paths.StatusCode);
        Assert.DoesNotContain("<script", await paths.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        using var style = await system.SendAsync("GET", "/dashboard/style.css", key: null);
        Assert.Equal("text/css", style.Content.Headers.ContentType!.MediaType);
        // The cookie opens pages only.
        using var api = await system.SendAsync("GET", "/v1/sites", null, null, ("Cookie", line.Split(';')[0]));
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }

    [Fact]
    public async Task Nothing_else_opens_it()
    {
        await using var system = await TestSystem.StartAsync();
        foreach (var key in new[] { "", "wrong", system.WriteKey, system.ReportKey, SiteKeys.Sha256(TestSystem.AdminKey) })
        {
            using var answer = await LoginAsync(system, key);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
        using var login = await LoginAsync(system, TestSystem.AdminKey);
        var cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        foreach (var wrong in new[] { "cl_pages=", "cl_pages=" + new string('A', 54), cookie[..^5] + (cookie[^5] == 'A' ? 'B' : 'A') + cookie[^4..], cookie + "A" })
        {
            using var answer = await system.SendAsync("GET", "/", null, null, ("Cookie", wrong));
            Assert.Contains("type=\"password\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        foreach (var (name, value) in new[] { ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
        {
            using var answer = await LoginAsync(system, TestSystem.AdminKey, (name, value));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        using var logout = await system.SendAsync("POST", "/dashboard/logout", "", null, Form, ("Cookie", cookie));
        Assert.Contains("max-age=0", logout.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        using var large = await LoginAsync(system, new string('k', 10_000));
        Assert.Equal(HttpStatusCode.Forbidden, large.StatusCode);
    }

    [Fact]
    public void No_value_becomes_markup() => FsCheck.Fluent.Prop.ForAll<string>(FsCheck.Fluent.ArbMap.Default.ArbFor<string>(), value =>
    {
        var text = Markup.Of($"<p title=\"{value}\">{value}</p>").Text;
        var inside = text["<p title=\"".Length..^"</p>".Length];
        return inside.Count(c => c is '<' or '>' or '"') == 2 && WebUtility.HtmlDecode(inside) == $"{Shown(value)}\">{Shown(value)}";
    }).QuickCheckThrowOnFailure();

    // Half a surrogate pair is no text; the encoder shows it as the replacement character.
    private static string Shown(string? value) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(value ?? ""));

    [Fact]
    public async Task Over_https_the_cookie_is_bound_to_the_host()
    {
        await using var system = await TestSystem.StartAsync(o => o.PublicUrl = "https://t.example");
        using var login = await LoginAsync(system, TestSystem.AdminKey);
        var line = login.Headers.GetValues("Set-Cookie").Single();
        Assert.StartsWith("__Host-cl_pages=", line, StringComparison.Ordinal);
        Assert.Contains("secure", line, StringComparison.OrdinalIgnoreCase);
    }
}
