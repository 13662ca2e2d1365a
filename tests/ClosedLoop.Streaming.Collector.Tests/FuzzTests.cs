using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>Mutations of good requests over raw sockets: no 5xx, no crash, and afterwards a good request is still answered.</summary>
public class FuzzTests
{
    private const int Requests = 3_000, Seed = 20_261_121;

    private static readonly string[] _good =
    [
        "GET /i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2F%3Futm_source%3Dx&refr=https%3A%2F%2Fa.example%2F&dtm=1763720000000&stm=1763720000001 HTTP/1.1\r\nHost: a\r\nCookie: cl=AQBPAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; cl_consent=demo:a\r\nUser-Agent: Mozilla/5.0\r\nSec-GPC: 0\r\n\r\n",
        "GET /i?e=ue&ue_px=eyJzY2hlbWEiOiJ4IiwiZGF0YSI6e319 HTTP/1.1\r\nHost: a\r\nReferer: https://shop.example/?a=b\r\n\r\n",
        "GET /i?e=tr&tr_id=1&tr_tt=1.5&tr_cu=EUR&%%%=%zz&a=%c3%28 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ::1, [::1]:80\r\n\r\n",
        "HEAD /ice.png HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /r/spring?gclid=1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /r?u=https%3A%2F%2Fa.example%2F&s=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /f/demo HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 41\r\n\r\nemail=a%40b.example&return=%2Fx&message=%",
        "POST /f/demo HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 76\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b.example\r\n--b--\r\n\r\n\r\n",
        "POST /c/demo HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nchoice=deny",
        "POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer write-demo\r\nContent-Length: 118\r\n\r\n[{\"event\":\"purchase\",\"visitor_id\":\"v\",\"properties\":{\"order_id\":\"o\",\"revenue\":1.5,\"currency\":\"EUR\",\"items\":[{}]}}, {}]  ",
        "POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer write-demo\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{},1\r\n1\r\n]\r\n0\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a\r\n\r\n", "GET /f/thanks HTTP/1.1\r\nHost: a\r\n\r\n", "GET /.well-known/gpc.json HTTP/1.1\r\nHost: a\r\n\r\n",
    ];

    private static readonly string[] _bits =
    [
        "\0", "\r\n", "%", "%00", "%zz", "=", "&&", ";", "\"", "{", "}}}}", "[[[[[[[[[[[[[[[[[[[[", "\\ud800", "\xff\xfe", "é", "..//", "99999999999999999999", "-1", "1e309", "NaN", "null",
        "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "Cookie: cl=\r\n", "/", "?", "#", "@", " ", "\t", "utm_source=", "true", ",",
    ];

    [Fact]
    public async Task Malformed_requests_never_give_a_server_error()
    {
        await using var door = TestDoor.Open(o => o.HeadersSecondsMax = 1);
        door.Settings.Set([TestDoor.Demo], new Link { Slug = "spring", Site = "demo", Url = "https://shop.example/" });
        var random = new Random(Seed);
        var requests = Enumerable.Range(0, Requests).Select(_ => Mutate(random)).ToList();
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (request, _) =>
        {
            var answer = await FirstAnswer(door.Port, request);
            statuses.AddOrUpdate(answer, 1, (_, n) => n + 1);
            Assert.False(answer.StartsWith('5'), $"{answer} for:\n{Encoding.Latin1.GetString(request)}");
        });
        Assert.Equal(HttpStatusCode.OK, (await door.GetAsync("/i")).StatusCode);
        Assert.True(statuses.Where(s => s.Key is "200" or "202" or "302" or "303").Sum(s => s.Value) > Requests / 10, string.Join(' ', statuses));
    }

    /// <summary>Half of them anywhere; the other half only in the query or the body, so that the server lets them through to the door.</summary>
    private static byte[] Mutate(Random random)
    {
        var good = _good[random.Next(_good.Length)];
        if (random.Next(2) == 0) return Mutate(random, good);
        var end = good.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var length = good.IndexOf("Content-Length: ", StringComparison.Ordinal);
        if (length > 0)
        {
            var body = Mutate(random, good[end..]);
            var head = good[..length] + "Content-Length: " + body.Length + "\r\n\r\n";
            return [.. Encoding.Latin1.GetBytes(head), .. body];
        }
        var query = good.IndexOf('?', StringComparison.Ordinal) + 1;
        var target = good.IndexOf(" HTTP/", StringComparison.Ordinal);
        if (query == 0 || query > target) return Mutate(random, good);
        var changed = Uri.EscapeDataString(Encoding.Latin1.GetString(Mutate(random, good[query..target])))
            .Replace("%3D", "=", StringComparison.Ordinal).Replace("%26", "&", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(good[..query] + changed + good[target..]);
    }

    /// <summary>One to four cuts, swaps, repeats, flipped bytes or insertions.</summary>
    private static byte[] Mutate(Random random, string good)
    {
        var bytes = Encoding.Latin1.GetBytes(good).ToList();
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 1; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0: bytes.RemoveRange(at, length); break;
                case 1: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 2: bytes[at] = (byte)random.Next(256); break;
                case 3: bytes.InsertRange(at, Encoding.Latin1.GetBytes(_bits[random.Next(_bits.Length)])); break;
                default: bytes.InsertRange(at, Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(_bits[random.Next(_bits.Length)], random.Next(1, 400))))); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>The first status; "none" when the server waits for more or closes without one.</summary>
    private static async Task<string> FirstAnswer(int port, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(400);
        var buffer = new byte[64];
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(request);
            var read = await socket.ReceiveAsync(buffer, patience.Token);
            return read < 12 ? "none" : Encoding.ASCII.GetString(buffer, 9, 3);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return "none";
        }
    }
}
