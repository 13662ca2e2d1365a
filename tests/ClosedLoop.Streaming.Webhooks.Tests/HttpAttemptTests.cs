using System.Net;
using System.Text;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>One attempt over loopback.</summary>
public class HttpAttemptTests
{
    private static readonly byte[] Key = new byte[32];
    private readonly ManualTime _time = new();
    private readonly WebhooksOptions _options = new() { Allow = ["127.0.0.0/8"] };

    private HttpAttemptSender Sender(INameResolver? resolver = null) =>
        new(_options, new GuardedConnector(new AddressGuard(_options.Allow), resolver ?? new SystemNameResolver()), _time);

    private async Task<AttemptResult> AttemptAsync(Func<SinkRequest, System.Net.Sockets.Socket, CancellationToken, Task<bool>> answer)
    {
        await using var sink = new HttpSink { Answer = answer };
        using var sender = Sender();
        return await sender.SendAsync(sink.Url, "msg_1", "{}"u8.ToArray(), [Key], default);
    }

    [Fact]
    public async Task The_request_is_what_the_standard_asks_for()
    {
        await using var sink = new HttpSink();
        using var sender = Sender();
        var body = Encoding.UTF8.GetBytes("{\"type\":\"x\"}");
        var result = await sender.SendAsync(sink.Url, "msg_1", body, [Key, new byte[24]], default);
        var request = Assert.Single(sink.Requests);
        var seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal((AttemptEnd.Success, 200), (result.End, result.Status));
        Assert.Equal("POST /hook?key=1 HTTP/1.1", request.Line);
        Assert.Equal(body, request.Body);
        Assert.Equal("msg_1", request.Headers["webhook-id"]);
        Assert.Equal($"{seconds}", request.Headers["webhook-timestamp"]);
        Assert.Equal(Signature.Of("msg_1", seconds, body, [Key, new byte[24]]), request.Headers["webhook-signature"]);
        Assert.Equal("application/json", request.Headers["content-type"]);
        Assert.Equal(
            ["content-length", "content-type", "host", "user-agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            request.Headers.Keys.Order());
    }

    [Theory]
    [InlineData(200, AttemptEnd.Success), InlineData(201, AttemptEnd.Success), InlineData(204, AttemptEnd.Success), InlineData(299, AttemptEnd.Success)]
    [InlineData(300, AttemptEnd.Status), InlineData(301, AttemptEnd.Status), InlineData(302, AttemptEnd.Status), InlineData(304, AttemptEnd.Status)]
    [InlineData(307, AttemptEnd.Status), InlineData(308, AttemptEnd.Status), InlineData(400, AttemptEnd.Status), InlineData(401, AttemptEnd.Status)]
    [InlineData(404, AttemptEnd.Status), InlineData(410, AttemptEnd.Gone), InlineData(429, AttemptEnd.Slow), InlineData(500, AttemptEnd.Status)]
    [InlineData(502, AttemptEnd.Slow), InlineData(503, AttemptEnd.Slow), InlineData(504, AttemptEnd.Slow), InlineData(599, AttemptEnd.Status)]
    public async Task Every_status_has_its_meaning(int status, AttemptEnd end)
    {
        var headers = status is 204 or 304 ? "" : "Retry-After: 7\r\n";
        var result = await AttemptAsync(HttpSink.Status(status, headers));
        Assert.Equal((end, status), (result.End, result.Status));
        Assert.Equal(headers.Length > 0 ? 7_000 : 0, result.RetryAfterMs);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = new HttpSink();
        var result = await AttemptAsync(HttpSink.Status(302, $"Location: {elsewhere.Url}\r\n"));
        Assert.Equal(AttemptEnd.Status, result.End);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Fact]
    public async Task Of_a_host_with_an_allowed_address_only_that_is_used()
    {
        await using var sink = new HttpSink();
        using var sender = Sender(new ScriptedResolver(_ => [IPAddress.IPv6Loopback, IPAddress.Loopback]));
        var result = await sender.SendAsync(new($"http://localhost:{sink.Port}/"), "msg_1", "{}"u8.ToArray(), [Key], default);
        Assert.Equal((AttemptEnd.Success, 1), (result.End, sink.Connections));
    }

    [Fact]
    public async Task A_cookie_is_not_kept()
    {
        await using var sink = new HttpSink { Answer = HttpSink.Status(200, "Set-Cookie: a=b\r\n") };
        using var sender = Sender();
        for (var i = 0; i < 2; i++) await sender.SendAsync(sink.Url, "msg_1", "{}"u8.ToArray(), [Key], default);
        Assert.All(sink.Requests, request => Assert.DoesNotContain("cookie", request.Headers.Keys));
        Assert.Equal(1, sink.Connections);
    }

    [Fact]
    public async Task A_receiver_that_closes_every_connection_without_saying_so_gets_every_message()
    {
        await using var sink = new HttpSink
        {
            Answer = async (_, socket, _) => !await HttpSink.Say(socket, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        };
        using var sender = Sender();
        for (var i = 0; i < 50; i++)
            Assert.Equal(AttemptEnd.Success, (await sender.SendAsync(sink.Url, "msg_1", "{}"u8.ToArray(), [Key], default)).End);
    }

    [Fact]
    public async Task A_name_without_an_address_is_a_failure()
    {
        using var sender = Sender(new ScriptedResolver(_ => []));
        Assert.Equal(AttemptEnd.Unresolved, (await sender.SendAsync(new("http://nobody.example/"), "msg_1", "{}"u8.ToArray(), [Key], default)).End);
    }

    [Fact]
    public async Task The_address_that_was_checked_is_the_one_connected_to()
    {
        await using var sink = new HttpSink();
        var asked = 0;
        // Rebinding: only the first answer is permitted.
        using var sender = Sender(new ScriptedResolver(_ => [IPAddress.Parse(asked++ == 0 ? "127.0.0.1" : "10.0.0.1")]));
        var url = new Uri($"http://rebind.example:{sink.Port}/");
        Assert.Equal(AttemptEnd.Success, (await sender.SendAsync(url, "msg_1", "{}"u8.ToArray(), [Key], default)).End);
        Assert.Equal(1, asked);
        using var again = Sender(new ScriptedResolver(_ => [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.1")]));
        var refused = await again.SendAsync(url, "msg_1", "{}"u8.ToArray(), [Key], default);
        Assert.Equal(AttemptEnd.Refused, refused.End);
        Assert.Equal(1, sink.Connections);
    }
}
