using System.IO.Compression;
using System.Text;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>Receivers that answer nonsense, too much, too slowly or never.</summary>
public class MisbehaviourTests
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
    public async Task A_reset_is_a_failure() => Assert.Equal(AttemptEnd.Broken, (await AttemptAsync(HttpSink.Reset)).End);

    [Theory]
    [InlineData("nonsense\r\n\r\n"), InlineData("HTTP/1.1 2000 OK\r\n\r\n"), InlineData("HTTP/1.1 200 OK\r\nbroken header\r\n\r\n"), InlineData("")]
    public async Task What_is_no_http_is_a_failure(string answer) => Assert.Equal(AttemptEnd.Broken, (await AttemptAsync(async (_, socket, _) =>
    {
        await HttpSink.Say(socket, answer);
        return false;
    })).End);

    [Fact]
    public async Task Endless_headers_are_a_failure()
    {
        var headers = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"X-{i}: {new string('x', 100)}\r\n"));
        Assert.Equal(AttemptEnd.Broken, (await AttemptAsync(HttpSink.Says("HTTP/1.1 200 OK\r\n" + headers + "\r\n"))).End);
    }

    [Fact]
    public async Task An_endless_body_is_not_read_and_does_not_hold_the_attempt()
    {
        var result = await AttemptAsync(async (_, socket, stop) =>
        {
            await HttpSink.Say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
            var block = new byte[64 * 1024];
            for (var i = 0; i < 1_000; i++) await socket.SendAsync(block, stop);
            return false;
        });
        Assert.Equal(AttemptEnd.Success, result.End);
    }

    [Fact]
    public async Task A_compressed_bomb_stays_packed()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(new byte[10_000_000]);
        var bomb = $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n" + Encoding.Latin1.GetString(packed.ToArray());
        Assert.Equal(AttemptEnd.Success, (await AttemptAsync(HttpSink.Says(bomb))).End);
    }

    [Fact]
    public async Task One_that_never_answers_ends_with_the_time_of_one_attempt()
    {
        var asked = new TaskCompletionSource();
        await using var sink = new HttpSink { Answer = (request, socket, stop) => { asked.SetResult(); return HttpSink.Hang(request, socket, stop); } };
        using var sender = Sender();
        var attempt = sender.SendAsync(sink.Url, "msg_1", "{}"u8.ToArray(), [Key], default);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(attempt.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var result = await attempt;
        Assert.Equal((AttemptEnd.Timeout, 0), (result.End, result.Status));
        Assert.InRange(result.DurationMs, 15_000, 15_100);
    }

    [Fact]
    public async Task One_that_drips_its_headers_ends_too()
    {
        var dripped = new TaskCompletionSource();
        await using var sink = new HttpSink
        {
            Answer = async (_, socket, stop) =>
            {
                foreach (var c in "HTTP/1.1 200 OK\r\nX: ") await HttpSink.Say(socket, c.ToString());
                dripped.SetResult();
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    if (i < 100) await HttpSink.Say(socket, "x");
                    else await Task.Delay(Timeout.Infinite, stop);
                }
                return false;
            },
        };
        using var sender = Sender();
        var attempt = sender.SendAsync(sink.Url, "msg_1", "{}"u8.ToArray(), [Key], default);
        await dripped.Task;
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(AttemptEnd.Timeout, (await attempt).End);
    }

    [Fact]
    public async Task Nobody_listens()
    {
        Uri url;
        await using (var sink = new HttpSink()) url = sink.Url;
        using var sender = Sender();
        Assert.Equal(AttemptEnd.Broken, (await sender.SendAsync(url, "msg_1", "{}"u8.ToArray(), [Key], default)).End);
    }

    [Fact]
    public async Task A_stop_is_no_attempt()
    {
        using var stop = new CancellationTokenSource();
        await using var sink = new HttpSink { Answer = (r, s, t) => { stop.Cancel(); return HttpSink.Hang(r, s, t); } };
        using var sender = Sender();
        Assert.Equal(AttemptEnd.Stopped, (await sender.SendAsync(sink.Url, "msg_1", "{}"u8.ToArray(), [Key], stop.Token)).End);
    }
}
