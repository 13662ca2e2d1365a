using System.Net;

namespace ClosedLoop.Streaming.Bench.Load;

/// <summary>The same 10,000 requests for both sides: pages of a shop, real agents, referrers, 70 % with both servers' cookies, Zipf visitors.</summary>
internal static class Traffic
{
    public const int Requests = 10_000;
    private const int Visitors = 2_000, Seed = 7;
    private const double WithCookie = 0.7;

    /// <summary>Two sets of the same requests: keep-alive, and one per connection. Their visitors have been seen once by each of the servers.</summary>
    public static async Task<(byte[][] KeepAlive, byte[][] OneShot)> BuildAsync(params int[] ports)
    {
        var cookies = new string[Visitors];
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        for (var i = 0; i < Visitors; i++)
        {
            var each = new List<string>();
            foreach (var port in ports) each.Add(await CookieAsync(client, port));
            cookies[i] = string.Join("; ", each);
        }
        var random = new Random(Seed);
        var zipf = new Zipf(Visitors, random);
        var (keepAlive, oneShot) = (new byte[Requests][], new byte[Requests][]);
        for (var i = 0; i < Requests; i++)
        {
            var cookie = random.NextDouble() < WithCookie ? cookies[zipf.Next()] : null;
            var head = Head(random, cookie);
            keepAlive[i] = System.Text.Encoding.ASCII.GetBytes(head + "Connection: keep-alive\r\n\r\n");
            oneShot[i] = System.Text.Encoding.ASCII.GetBytes(head + "Connection: close\r\n\r\n");
        }
        return (keepAlive, oneShot);
    }

    private static string Head(Random random, string? cookie)
    {
        var page = Pages.Page(random);
        var referrer = Pages.Referrer(random);
        return $"GET /i?e=pv&aid=demo&url={WebUtility.UrlEncode(page)}{(referrer is null ? "" : "&refr=" + WebUtility.UrlEncode(referrer))}"
            + $"&page={WebUtility.UrlEncode(Pages.Title(random))} HTTP/1.1\r\nHost: track.shop.example\r\nUser-Agent: {Pages.Agent(random)}\r\n"
            + "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate\r\n"
            + $"Accept-Language: {Pages.Language(random)}\r\nReferer: {page}\r\n{(cookie is null ? "" : $"Cookie: {cookie}\r\n")}";
    }

    private static async Task<string> CookieAsync(HttpClient client, int port)
    {
        using var answer = await client.GetAsync($"http://127.0.0.1:{port}/i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2F");
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("Set-Cookie").First().Split(';')[0];
    }
}

/// <summary>Few visitors come often, many seldom: the k-th with weight 1/k.</summary>
internal sealed class Zipf
{
    private readonly double[] _sums;
    private readonly Random _random;

    public Zipf(int count, Random random)
    {
        (_sums, _random) = (new double[count], random);
        for (var i = 0; i < count; i++) _sums[i] = (i > 0 ? _sums[i - 1] : 0) + 1.0 / (i + 1);
    }

    public int Next()
    {
        var found = Array.BinarySearch(_sums, _random.NextDouble() * _sums[^1]);
        return found < 0 ? ~found : found;
    }
}
