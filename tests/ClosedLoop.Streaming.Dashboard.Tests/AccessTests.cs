using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>Every management route with every kind of key.</summary>
public sealed class AccessTests
{
    // Method, route, an address of it, a body that passes or fails only after the key; whether the site's write key opens it.
    private static readonly (string Method, string Route, string Path, string? Body, bool Write)[] Routes =
    [
        ("GET", "/v1/sites", "/v1/sites", null, false),
        ("GET", "/v1/sites/{id}", "/v1/sites/demo", null, false),
        ("POST", "/v1/sites", "/v1/sites", "{}", false),
        ("PATCH", "/v1/sites", "/v1/sites", "{}", false),
        ("PATCH", "/v1/sites/{id}", "/v1/sites/demo", "{}", false),
        ("POST", "/v1/sites/{id}/keys", "/v1/sites/nobody/keys", "{}", false),
        ("GET", "/v1/links", "/v1/links", null, false),
        ("GET", "/v1/links/{slug}", "/v1/links/x", null, false),
        ("GET", "/v1/links/{slug}/qr.svg", "/v1/links/x/qr.svg", null, false),
        ("POST", "/v1/links", "/v1/links", "{}", false),
        ("PATCH", "/v1/links/{slug}", "/v1/links/x", "{}", false),
        ("DELETE", "/v1/links/{slug}", "/v1/links/x", null, false),
        ("GET", "/v1/costs", "/v1/costs?from=x", null, false),
        ("POST", "/v1/costs", "/v1/costs", "[]", false),
        ("GET", "/v1/credit-runs", "/v1/credit-runs?limit=x", null, false),
        ("POST", "/v1/credit-runs", "/v1/credit-runs", """{"x":1}""", false),
        ("GET", "/v1/segments", "/v1/segments", null, false),
        ("GET", "/v1/segments/{name}", "/v1/segments/warm", null, false),
        ("PUT", "/v1/segments/{name}", "/v1/segments/warm", "{}", false),
        ("DELETE", "/v1/segments/{name}", "/v1/segments/nothing", null, false),
        ("GET", "/v1/segments/{name}/members", "/v1/segments/warm/members", null, false),
        ("POST", "/v1/segments/{name}/preview", "/v1/segments/warm/preview", "{}", false),
        ("GET", "/v1/visitors/{visitor_id}", "/v1/visitors/x?site=demo", null, true),
        ("GET", "/v1/leads/{lead_id}", "/v1/leads/x?site=demo", null, true),
        ("GET", "/v1/leads", "/v1/leads?email=a@b.example&site=demo", null, true),
        ("GET", "/v1/webhooks", "/v1/webhooks", null, false),
        ("GET", "/v1/webhooks/{id}", "/v1/webhooks/x", null, false),
        ("POST", "/v1/webhooks", "/v1/webhooks", "{}", false),
        ("PATCH", "/v1/webhooks/{id}", "/v1/webhooks/x", "{}", false),
        ("DELETE", "/v1/webhooks/{id}", "/v1/webhooks/x", null, false),
        ("GET", "/v1/webhooks/{id}/deliveries", "/v1/webhooks/x/deliveries", null, false),
        ("POST", "/v1/webhooks/{id}/test", "/v1/webhooks/x/test", null, false),
        ("POST", "/v1/webhooks/{id}/replay", "/v1/webhooks/x/replay", null, false),
    ];

    [Fact]
    public async Task Every_route_with_every_kind_of_key()
    {
        await using var system = await TestSystem.StartAsync();
        (string Name, string? Key, Func<bool, int?> Status, string? Code)[] keys =
        [
            ("no key", null, _ => 401, "key_missing"), ("a wrong key", "wrong", _ => 401, "key_unknown"), ("a key of blanks", "   ", _ => 401, "key_missing"),
            ("a huge key", new string('k', 4000), _ => 401, "key_unknown"), ("a report key", system.ReportKey, _ => 403, "key_forbidden"),
            ("another site's write key", system.OtherWriteKey, _ => 403, "key_forbidden"),
            ("the site's write key", system.WriteKey, write => write ? null : 403, "key_forbidden"), ("the admin key", TestSystem.AdminKey, _ => null, null),
        ];
        var wrong = new List<string>();
        foreach (var (method, _, path, body, write) in Routes)
            foreach (var (name, key, status, code) in keys)
            {
                using var answer = await system.SendAsync(method, path, body, key);
                var (got, wanted) = ((int)answer.StatusCode, status(write));
                var fits = wanted is null ? got is not (401 or 403) && got < 500 : got == wanted && Code(await answer.Content.ReadAsStringAsync()) == code;
                if (got == 401 && answer.Headers.WwwAuthenticate.Count == 0) wrong.Add($"{method} {path}: no WWW-Authenticate");
                if (!fits) wrong.Add($"{method} {path} with {name}: {got} instead of {wanted?.ToString() ?? "an answer"}");
            }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task No_route_is_missing_in_the_table()
    {
        await using var system = await TestSystem.StartAsync();
        var mapped = system.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(m => m + " " + e.RoutePattern.RawText!.TrimEnd('/'))).Order();
        Assert.Equal(Routes.Select(r => $"{r.Method} {r.Route}").Append("GET /v1/visitor").Order(), mapped);
    }

    [Fact]
    public async Task A_body_is_not_read_before_the_key()
    {
        await using var system = await TestSystem.StartAsync();
        Assert.Equal("key_missing", (await system.ErrorAsync("POST", "/v1/sites", "not json", 401, key: null)).Text("code"));
    }

    [Fact]
    public async Task Without_an_admin_key_nobody_is_admitted()
    {
        var check = new KeyCheck(new DashboardOptions(), new NoSettings());
        foreach (var key in new[] { "", "Bearer ", "Bearer x", "Basic x" }) Assert.Throws<ApiException>(() => check.Check(key));
        Assert.False(check.IsAdmin(""));
        await Task.CompletedTask;
    }

    private static string? Code(string body) => JsonDocument.Parse(body).RootElement.GetProperty("error").Text("code");

    private sealed class NoSettings : ISettings
    {
        public SettingsSnapshot Current { get; } = new();
        public event Action<SettingsSnapshot>? Changed { add { } remove { } }
    }
}
