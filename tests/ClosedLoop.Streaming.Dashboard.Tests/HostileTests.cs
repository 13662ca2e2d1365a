using System.Text;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>Thousands of requests that nobody would mean, with the admin key: each gets an answer, none is the server's fault.</summary>
public sealed class HostileTests
{
    private const int Requests = 1_500, Seed = 20_261_121;

    private static readonly string[] Routes =
    [
        "GET /v1/sites", "POST /v1/sites", "PATCH /v1/sites", "PATCH /v1/sites/@", "POST /v1/sites/@/keys", "GET /v1/links?site=@", "POST /v1/links",
        "PATCH /v1/links/@", "DELETE /v1/links/@", "GET /v1/links/@/qr.svg", "GET /v1/segments/@", "PUT /v1/segments/@", "DELETE /v1/segments/@",
        "GET /v1/segments/@/members?limit=@&cursor=@&site=@&format=@", "POST /v1/segments/@/preview", "GET /v1/visitors/@?site=@", "GET /v1/leads/@",
        "GET /v1/leads?email=@", "GET /v1/leads?external_id=@&site=@", "GET /v1/leads?phone=@", "POST /v1/webhooks", "PATCH /v1/webhooks/@",
        "GET /v1/webhooks/@/deliveries?limit=@", "POST /v1/webhooks/@/test", "POST /v1/webhooks/@/replay", "POST /dashboard/login", "GET /v1/visitor",
    ];

    private static readonly string[] Values =
    [
        "", " ", "demo", "G-DEMO", "warm", "known", "a'b\"c", "<script>", "../..", "%", "%00", "\u0000", "\u2028", "😀", "é", "\ud800", "-1", "0", "1e999", "999999999999999999999",
        "1.2", "0.0", "2147483647.2147483647", "null", "=1+1", "https://shop.example/", "javascript:x", "http://[::1]:1/", "a@b.example", "+380441234567", "Europe/Kyiv", "EUR",
        "page_views >= 3", "((((((((((((((((((((((((((((((((((((((((true", "not not not not true", "count(\"x\",999999d) > 0", "trait(\"", "true or", "\\", "2026-13-45T00:00:00Z",
    ];

    private static readonly string[] Fields =
    [
        "id", "hosts", "aliases", "timezone", "currency", "lookback_days", "consent", "redact", "channel_rules", "retention", "slug", "url", "site", "source", "cost", "rule", "group",
        "order", "action", "notify", "events", "segments", "include", "first", "history", "paused", "rotate_secret", "since", "ids", "write", "report", "nonsense", "",
    ];

    [Fact]
    public async Task No_request_is_the_servers_fault()
    {
        await using var system = await TestSystem.StartAsync();
        await system.JsonAsync("POST", "/v1/links", """{"slug":"known","url":"https://shop.example/","site":"demo"}""", 201);
        var random = new Random(Seed);
        for (var i = 0; i < Requests; i++)
        {
            var route = Routes[random.Next(Routes.Length)].Split(' ');
            var path = string.Concat(route[1].Select(c => c == '@' ? Uri.EscapeDataString(Fix(Values[random.Next(Values.Length)])) : c.ToString()));
            var body = route[0] == "GET" ? null : Body(random);
            using var answer = await system.SendBytesAsync(route[0], path, body, TestSystem.AdminKey);
            Assert.True((int)answer.StatusCode < 500, $"seed {Seed}, request {i}: {route[0]} {path} {(body is null ? "" : Encoding.UTF8.GetString(body))}: {(int)answer.StatusCode}");
        }
        Assert.True((await system.JsonAsync("GET", "/v1/segments")).GetArrayLength() > 0);
    }

    // A path can't hold half a surrogate pair; bodies try it as an escape.
    private static string Fix(string value) => value == "\ud800" ? "\ufffd" : value;

    private static byte[] Body(Random random)
    {
        if (random.Next(12) == 0)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            return noise;
        }
        var json = new StringBuilder("{");
        for (var n = random.Next(5); n > 0; n--)
            json.Append(json.Length > 1 ? "," : "").Append(Quoted(Fields[random.Next(Fields.Length)])).Append(':').Append(Value(random, 3));
        return Encoding.UTF8.GetBytes(json.Append('}').ToString());
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null", 1 => "true", 2 => random.Next(-10, 1000).ToString(System.Globalization.CultureInfo.InvariantCulture), 3 => "1.5e308",
        4 or 5 => Quoted(Values[random.Next(Values.Length)]),
        6 => $"[{Value(random, depth - 1)},{Value(random, depth - 1)}]", 7 => "[]",
        _ => $"{{{Quoted(Fields[random.Next(Fields.Length)])}:{Value(random, depth - 1)}}}",
    };

    private static string Quoted(string value) => value == "\ud800" ? "\"\\ud800\"" : JsonSerializer.Serialize(value);
}
