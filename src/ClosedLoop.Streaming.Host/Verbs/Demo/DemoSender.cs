using System.Text;
using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Demo;

/// <summary>Sends a plan through the public doors: history to <c>/v1/events</c>, the people of now and the crawlers to pixel and form.</summary>
internal sealed class DemoSender(SystemClient system, string site)
{
    private const int BatchMax = 400;
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    public long Accepted { get; private set; }
    public long Duplicates { get; private set; }
    public long Refused { get; private set; }

    public async Task SendEventsAsync(IReadOnlyList<JsonObject> events, Action<int> progress, CancellationToken cancel)
    {
        for (var at = 0; at < events.Count; at += BatchMax)
        {
            var batch = events.Skip(at).Take(BatchMax);
            var answer = await system.PostEventsAsync(batch.Select(e => e.ToJsonString()), import: null, cancel);
            Accepted += answer.GetProperty("accepted").GetInt64();
            Duplicates += answer.GetProperty("duplicates").GetInt64();
            Refused += answer.GetProperty("refused").GetArrayLength();
            progress(Math.Min(events.Count, at + BatchMax));
        }
    }

    public async Task SendLiveAsync(DemoPlan plan, int bots, CancellationToken cancel)
    {
        foreach (var person in plan.People.Where(p => p.IsLive)) await LiveAsync(person, cancel);
        for (var i = 0; i < bots; i++) await GetAsync($"/i?e=pv&aid={site}&url=https%3A%2F%2Fshop.example%2Fbot{i}", Crawler, null, cancel);
    }

    private async Task LiveAsync(DemoPerson person, CancellationToken cancel)
    {
        string? cookie = null;
        var isFirst = true;
        foreach (var (_, page) in person.Visits[0].Views)
        {
            var url = Uri.EscapeDataString("https://shop.example" + page + (isFirst ? "?utm_source=newsletter&utm_medium=email&utm_campaign=autumn" : ""));
            cookie = await GetAsync($"/i?e=pv&aid={site}&url={url}", Browser, cookie, cancel) ?? cookie;
            isFirst = false;
        }
        var form = $"form={person.Form}&email={Uri.EscapeDataString(person.Email)}";
        var request = new HttpRequestMessage(HttpMethod.Post, $"/f/{site}") { Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded") };
        using var answer = await system.SendAsync(Dressed(request, Browser, cookie), cancel);
        if ((int)answer.StatusCode != 303) throw new VerbException($"The form door answered {(int)answer.StatusCode} instead of 303.");
    }

    /// <returns>The cookie that was set, or null.</returns>
    private async Task<string?> GetAsync(string path, string agent, string? cookie, CancellationToken cancel)
    {
        using var answer = await system.SendAsync(Dressed(new HttpRequestMessage(HttpMethod.Get, path), agent, cookie), cancel);
        if (!answer.IsSuccessStatusCode) throw new VerbException($"The pixel answered {(int)answer.StatusCode}.");
        return answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.First().Split(';')[0] : null;
    }

    private static HttpRequestMessage Dressed(HttpRequestMessage request, string agent, string? cookie)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        if (cookie is not null) request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return request;
    }
}
