using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using ClosedLoop.Streaming.Bench.Load;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;
using ClosedLoop.Streaming.Bench.Servers;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>
/// B6: the whole system at durability disk and a fifth of what it can take. A visitor's third page view is sent at a fixed moment; the
/// webhook that says "warm" arrives: how many syncs of the same disk is that? Open loop: measured from the moment meant.
/// </summary>
internal sealed class WebhookBench : IBench
{
    private const double ProbesPerSecond = 25, Share = 0.2;
    private const int Connections = 64;
    private const long WarmUpHits = 60_000;
    private static readonly TimeSpan ArrivalMax = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Ids => ["B6"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        using var sink = new HookSink();
        await using var server = await ClosedLoopServer.StartAsync(stage.Folder("ours"), ClosedLoopServer.Disk);
        var (requests, _) = await Traffic.BuildAsync(server.Port);
        var capacity = await CapacityAsync(server, requests);
        stage.Say(FormattableString.Invariant($"the whole system takes {capacity:N0} hits/s; a fifth of that is sent"));
        await server.PostAsync("v1/webhooks", new { url = $"http://127.0.0.1:{sink.Port}/", events = new[] { "segment.entered" }, segments = new[] { "warm" } });
        using var background = new PacedLoad(server.Port, Connections);
        using var probes = new PacedLoad(server.Port, 8);

        var (p50s, p99s, raw50, raw99, f50s) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var rounds = stage.Settings.RoundsOf(headline: true);
        for (var round = 0; round <= rounds; round++)
        {
            var (f50, f99) = Calibrators.Sync(stage, round);
            var took = await RoundAsync(stage, server, sink, background, probes, requests, capacity * Share);
            var (p50, p99) = (Interval.Quantile(took, 0.5), Interval.Quantile(took, 0.99));
            stage.Say(FormattableString.Invariant($"{(round == 0 ? "warm-up" : $"round {round}/{rounds}")}: p50 {p50 * 1e3:0.0} ms = {p50 / f50:0.0} F50, p99 {p99 * 1e3:0.0} ms = {p99 / f99:0.0} F99 (F50 {f50 * 1e3:0.00} ms, F99 {f99 * 1e3:0.00} ms)"));
            if (round == 0) continue;
            stage.Report.Add(new SliceRow("B6", round, "p50", new Slice(1, p50, 0)));
            stage.Report.Add(new SliceRow("B6", round, "p99", new Slice(1, p99, 0)));
            p50s.Add(p50 / f50);
            p99s.Add(p99 / f99);
            raw50.Add(p50 * 1e3);
            raw99.Add(p99 * 1e3);
            f50s.Add(f50 * 1e3);
        }
        var at = FormattableString.Invariant($"at {capacity * Share:N0} hits/s");
        return [Row($"pixel → segment change → webhook, p50 in F50, {at}", p50s, raw50, 8), Row($"the same, p99 in F99, {at}", p99s, raw99, 12)];
    }

    private static BenchResult Row(string what, List<double> ratios, List<double> milliseconds, double gate)
    {
        var (ours, ratio) = (Interval.OfMedian([.. milliseconds]).Median, Interval.OfMedian([.. ratios]));
        return new("B6", what, ratio, ours, ours / ratio.Median, "ms", "disk", gate, "", ratios.Count) { LowerIsBetter = true };
    }

    /// <summary>Hits a second from the first to the last one worked on, once the hot code is compiled: the door alone would take more.</summary>
    private static async Task<double> CapacityAsync(ClosedLoopServer server, byte[][] requests)
    {
        var load = new KeepAliveLoad(server.Port, requests, Connections, 2);
        for (var hits = 0L; hits < WarmUpHits;) hits += load.Run(TimeSpan.FromSeconds(2));
        await server.CaughtUpAsync();
        var began = Stopwatch.GetTimestamp();
        var sent = load.Run(TimeSpan.FromSeconds(4));
        await server.CaughtUpAsync();
        return sent / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Seconds from the moment at which each third page view was meant to go to its webhook.</summary>
    private static async Task<double[]> RoundAsync(Stage stage, ClosedLoopServer server, HookSink sink, PacedLoad background, PacedLoad probes, byte[][] requests, double rate)
    {
        var count = (int)(stage.Settings.SliceTime.TotalSeconds * 4 * ProbesPerSecond);
        var cookies = await PreparedAsync(server, count);
        var people = cookies.Select(Visitor).ToArray();
        var meant = new ConcurrentDictionary<string, long>();
        var seconds = count / ProbesPerSecond;
        var load = new Thread(() => background.Run(rate, (int)(rate * seconds), i => requests[i % requests.Length]));
        var probing = new Thread(() => probes.Run(ProbesPerSecond, count, i => Request(cookies[i]), (i, due) => meant[people[i]] = due));
        load.Start();
        probing.Start();
        probing.Join();
        load.Join();
        try
        {
            await Waiting.ForAsync(() => Task.FromResult(people.All(sink.Received.ContainsKey)), () => server.HasExited, ArrivalMax);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{people.Count(sink.Received.ContainsKey)} of {people.Length} webhooks arrived within {ArrivalMax.TotalSeconds:0} s.");
        }
        return [.. people.Select(p => Stopwatch.GetElapsedTime(meant[p], sink.Received[p]).TotalSeconds)];
    }

    // Two page views each: the third makes them warm.
    private static async Task<string[]> PreparedAsync(ClosedLoopServer server, int count)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        async Task<string?> View(string? cookie)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2Ftents");
            if (cookie is not null) request.Headers.Add("Cookie", cookie);
            using var answer = await client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            return answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.First().Split(';')[0] : null;
        }
        var cookies = new string[count];
        for (var i = 0; i < count; i++) cookies[i] = (await View(null))!;
        foreach (var cookie in cookies) await View(cookie);
        return cookies;
    }

    // The visitor's id stands in the value after key number and day.
    private static string Visitor(string cookie) => Convert.ToHexStringLower(Base64Url.DecodeFromChars(cookie.AsSpan(cookie.IndexOf('=') + 1)).AsSpan(3, 16));

    private static byte[] Request(string cookie) => Encoding.ASCII.GetBytes(
        "GET /i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2Ftents%2F7 HTTP/1.1\r\nHost: track.shop.example\r\n"
        + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0\r\nAccept-Language: en-US,en;q=0.9\r\n"
        + $"Cookie: {cookie}\r\n\r\n");
}
