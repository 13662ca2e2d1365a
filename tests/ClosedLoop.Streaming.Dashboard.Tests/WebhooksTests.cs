using System.Text;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Dashboard.Tests;

public sealed class WebhooksTests
{
    private const string Body = """{"url":"https://hooks.example/in","events":["segment.entered"],"segments":["warm"],"include":["email"],"first":true,"site":"G-DEMO"}""";

    [Fact]
    public async Task A_secret_is_shown_once_and_kept_sealed()
    {
        await using var system = await TestSystem.StartAsync();
        var made = await system.JsonAsync("POST", "/v1/webhooks", Body, 201);
        var id = made.Text("id")!;
        Assert.True(WebhookSecret.TryParse(made.Text("secret"), out _));
        Assert.Equal(("demo", true, false), (made.Text("site"), made.GetProperty("first").GetBoolean(), made.GetProperty("history").GetBoolean()));
        var listed = (await system.JsonAsync("GET", "/v1/webhooks"))[0];
        Assert.Equal(id, listed.Text("id"));
        Assert.Null(listed.Text("secret"));
        Assert.Equal(2, listed.GetProperty("status").GetProperty("dead").GetInt32());
        var kept = Assert.Single(system.Settings.Current.Webhooks[id].Secrets);
        Assert.DoesNotContain(made.Text("secret")!, kept.Sealed, StringComparison.Ordinal);
        Assert.Equal(made.Text("secret"), Encoding.UTF8.GetString(system.Services.GetRequiredService<Keyring>().Open(kept.Sealed)));
    }

    [Fact]
    public async Task Rotating_lets_the_old_secret_sign_for_a_day()
    {
        await using var system = await TestSystem.StartAsync();
        var made = await system.JsonAsync("POST", "/v1/webhooks", Body, 201);
        var path = "/v1/webhooks/" + made.Text("id");
        var rotated = await system.JsonAsync("PATCH", path, """{"rotate_secret":true}""");
        Assert.NotEqual(made.Text("secret"), rotated.Text("secret"));
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var secrets = system.Settings.Current.Webhooks[made.Text("id")!].Secrets;
        Assert.Equal(2, secrets.Count);
        Assert.Equal(0, secrets[0].EndsMs);
        Assert.InRange(secrets[1].EndsMs, nowMs + 23 * 3_600_000L, nowMs + 24 * 3_600_000L);
        for (var i = 0; i < 6; i++) await system.JsonAsync("PATCH", path, """{"rotate_secret":true}""");
        Assert.Equal(EndpointForm.SecretsMax, system.Settings.Current.Webhooks[made.Text("id")!].Secrets.Count);
    }

    [Fact]
    public async Task It_is_changed_paused_disabled_and_removed()
    {
        await using var system = await TestSystem.StartAsync();
        var id = (await system.JsonAsync("POST", "/v1/webhooks", Body, 201)).Text("id")!;
        var changed = await system.JsonAsync("PATCH", "/v1/webhooks/" + id, """{"paused":true,"segments":[],"site":null}""");
        Assert.True(changed.GetProperty("paused").GetBoolean());
        Assert.Empty(changed.Texts("segments"));
        Assert.Equal(["segment.entered"], changed.Texts("events"));
        Assert.Null(changed.Text("site"));
        Assert.Null(changed.Text("secret"));

        var endpoints = system.Services.GetRequiredService<IEndpointSwitch>();
        await endpoints.DisableAsync(id, changed.GetProperty("version").GetInt64() - 1, default);
        Assert.False((await system.JsonAsync("GET", "/v1/webhooks/" + id)).GetProperty("disabled").GetBoolean());
        await endpoints.DisableAsync(id, changed.GetProperty("version").GetInt64(), default);
        Assert.True((await system.JsonAsync("GET", "/v1/webhooks/" + id)).GetProperty("disabled").GetBoolean());
        Assert.False((await system.JsonAsync("PATCH", "/v1/webhooks/" + id, """{"url":"https://else.example/"}""")).GetProperty("disabled").GetBoolean());
        await system.JsonAsync("DELETE", "/v1/webhooks/" + id, null, 204);
        await system.ErrorAsync("GET", "/v1/webhooks/" + id, null, 404);
        await endpoints.DisableAsync(id, 1, default);
    }

    [Fact]
    public async Task What_is_wrong_is_refused()
    {
        await using var system = await TestSystem.StartAsync();
        (string Body, string Code)[] rows =
        [
            ("""{}""", "bad_url"),
            ("""{"url":"ftp://hooks.example/"}""", "bad_url"),
            ("""{"url":"https://user:word@hooks.example/"}""", "bad_url"),
            ("""{"url":"http://127.0.0.1:9000/"}""", "bad_url"),
            ("""{"url":"http://169.254.169.254/latest"}""", "bad_url"),
            ("""{"url":"http://[::ffff:10.0.0.1]/"}""", "bad_url"),
            ("""{"url":"http://2130706433/"}""", "bad_url"),
            ("""{"url":"https://hooks.example/","events":["segment.joined"]}""", "bad_field"),
            ("""{"url":"https://hooks.example/","segments":["hot"]}""", "bad_field"),
            ("""{"url":"https://hooks.example/","include":["phone"]}""", "bad_field"),
            ("""{"url":"https://hooks.example/","first":"yes"}""", "bad_field"),
            ("""{"url":"https://hooks.example/","secret":"mine"}""", "unknown_field"),
        ];
        foreach (var (body, code) in rows) Assert.Equal((code, body), ((await system.ErrorAsync("POST", "/v1/webhooks", body, 400)).Text("code"), body));
        Assert.Empty(system.Settings.Current.Webhooks);
        await system.JsonAsync("POST", "/v1/webhooks", """{"url":"http://10.1.2.3/allowed"}""", 201);
    }
}
