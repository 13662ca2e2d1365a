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
        foreach (var person in plan.People.Where(p => p.IsLive)) await LiveAsync(person, plan.Seed, cancel);
        for (var i = 0; i < bots; i++) await GetAsync($"/i?e=pv&aid={site}&url=https%3A%2F%2Fshop.example%2Fbot{i}", Crawler, null, cancel);
    }

    /// <summary>States what the campaigns cost.</summary>
    public async Task SendCostsAsync(DemoPlan plan, CancellationToken cancel)
    {
        foreach (var rows in plan.Costs.Chunk(BatchMax))
        {
            var answer = await system.PostAsync("/v1/costs", new JsonArray([.. rows.Select(c => (JsonNode)new JsonObject
            {
                ["site"] = site, ["date"] = c.Date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), ["source"] = c.Channel.Source, ["medium"] = c.Channel.Medium,
                ["campaign"] = c.Channel.CampaignOf(plan.Seed), ["amount"] = c.Amount, ["currency"] = "EUR", ["impressions"] = c.Impressions, ["clicks"] = c.Clicks,
            })]).ToJsonString(), cancel);
            if (answer.GetProperty("refused").GetArrayLength() > 0) throw new VerbException($"Costs were refused: {answer.GetProperty("refused")[0]}");
        }
    }

    private async Task LiveAsync(DemoPerson person, string seed, CancellationToken cancel)
    {
        string? cookie = null;
        var isFirst = true;
        foreach (var (_, page) in person.Visits[0].Views)
        {
            var url = Uri.EscapeDataString("https://shop.example" + page + (isFirst ? "?utm_source=newsletter&utm_medium=email&utm_campaign=" + person.Visits[0].Channel.CampaignOf(seed) : ""));
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
