using System.Net;
using System.Text.Json;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>S13 of PROOF.md: one visitor that never stops, and visitors that come once by the thousand, cost their own hits and nobody else's.</summary>
public sealed class FloodTests
{
    private const string Pixel = "/i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2Ftents";
    private const long ResidentBytesMax = 1_200L * 1024 * 1024;
    private const int Senders = 16;

    private static int Hits => Parts.IsLong ? 200_000 : 12_000;

    [Fact]
    public async Task One_flooded_key_and_invented_visitors_leave_the_others_exact_and_memory_bounded()
    {
        await using var program = await RunningProgram.StartAsync();
        var flooded = await CookieAsync(program);
        var quiet = await CookieAsync(program);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = sender; i < Hits; i += Senders)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Pixel);
                request.Headers.Add("User-Agent", Agents.Browser);
                // Every third comes without a cookie, which makes a visitor.
                if (i % 3 > 0) request.Headers.Add("Cookie", flooded);
                using var answer = await program.Http.SendAsync(request);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        })));
        for (var i = 0; i < 2; i++) await ViewAsync(program, quiet);

        await program.VerifyAsync();
        await ShowsAsync(program, quiet, 3);
        await ShowsAsync(program, flooded, 1 + Enumerable.Range(0, Hits).Count(i => i % 3 > 0));
        Assert.InRange(program.Child.ResidentBytes, 1, ResidentBytesMax);
    }

    private static async Task<string> CookieAsync(RunningProgram program)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Pixel);
        request.Headers.Add("User-Agent", Agents.Browser);
        using var answer = await program.Http.SendAsync(request);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task ViewAsync(RunningProgram program, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Pixel);
        request.Headers.Add("User-Agent", Agents.Browser);
        request.Headers.Add("Cookie", cookie);
        using var answer = await program.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task ShowsAsync(RunningProgram program, string cookie, int views)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/visitor");
        request.Headers.Add("Cookie", cookie);
        using var answer = await program.Http.SendAsync(request);
        using var own = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var visitor = own.RootElement.GetProperty("visitor_id").GetString();
        var seen = 0L;
        await Soon.BeTrueAsync(async () => (seen = (await program.FindAsync($"/v1/visitors/{visitor}"))?.GetProperty("page_views").GetInt64() ?? 0) == views,
            () => $"{views} page views, {seen} are there");
    }
}
