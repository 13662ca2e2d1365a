using System.Globalization;
using System.Text.Json;
using ClosedLoop.Streaming.Integration.Tests.Running;
using Microsoft.Playwright;

namespace ClosedLoop.Streaming.Browser.Tests;

/// <summary>A person's whole way in a real browser without JavaScript: three views, a campaign's link, a form.</summary>
public sealed class BrowserTests(ITestOutputHelper output)
{
    // A headless browser says so in its name and is, rightly, a bot; this one plays a person.
    private const string PersonsAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    private static int People => Parts.IsLong ? 20 : 5;

    [Fact]
    public async Task Three_views_a_campaign_link_and_a_form_without_JavaScript()
    {
        var chromium = NeedChromium();
        _ = Parts.NeedNodeModules();
        await using var program = await RunningProgram.StartAsync();
        await using var shop = await Shop.StartAsync(program.Url);
        await using var sink = await WebhookSink.StartAsync();
        await program.DoAsync(HttpMethod.Patch, "/v1/sites/demo", $$"""{"hosts":["{{shop.Host}}"]}""");
        await program.DoAsync(HttpMethod.Post, "/v1/links", $$"""{"slug":"spring","site":"demo","url":"{{shop.Url}}/spring","source":"letter","medium":"email","campaign":"spring"}""");
        var (_, secret) = await sink.RegisterAsync(program);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Headless = true, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
        for (var person = 0; person < People; person++)
        {
            await using var context = await browser.NewContextAsync(new() { JavaScriptEnabled = false, UserAgent = PersonsAgent });
            await PersonsWay.GoAsync(program, shop, sink, await context.NewPageAsync(), $"person{person}@mail.example");
        }
        await SignaturesHoldAsync(sink, secret);
        await AllIsCountedOnceAsync(program);
        Report(sink);
    }

    private static async Task SignaturesHoldAsync(WebhookSink sink, string secret)
    {
        var all = sink.All.ToList();
        var said = JsonElement.Parse(await NodeScript.RunAsync("standardwebhooks.cjs", JsonSerializer.Serialize(all.Select(d =>
            new { secret, id = d.Id, timestamp = d.Timestamp, signature = d.Signature, body = d.Body }))));
        Assert.Equal((all.Count, 0), (said.GetProperty("held").GetInt32(), said.GetProperty("forged").GetInt32()));
        Assert.Equal(all.Count, all.Select(d => d.Id).Distinct().Count());
        Assert.Equal(People, all.Count(d => d.Text("segment") == "warm"));
        Assert.Equal(People, all.Count(d => d.Text("segment") == "in_progress"));
    }

    private static async Task AllIsCountedOnceAsync(RunningProgram program)
    {
        await program.SettleAsync();
        var row = (await program.RowsAsync("SELECT uniqExact(visitor_id), countIf(event = 'page_view'), countIf(event = 'click'), countIf(event = 'form_submit') FROM events WHERE bot_class = ''"))[0];
        Assert.Equal([$"{People}", $"{4 * People}", $"{People}", $"{People}"], row);
        Assert.Equal($"{2 * People}", (await program.RowsAsync("SELECT uniqExact(session_id) FROM sessions"))[0][0]);
    }

    // Printed, not judged: other work on the machine decides it.
    private void Report(WebhookSink sink)
    {
        foreach (var segment in new[] { "warm", "in_progress" })
        {
            var delays = sink.All.Where(d => d.Text("segment") == segment).Select(d => (d.Arrived - At(d)).TotalMilliseconds).Order().ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{segment}: median {delays[delays.Count / 2]:0} ms from hit to webhook ({delays[0]:0}–{delays[^1]:0})"));
        }
    }

    private static DateTimeOffset At(Delivered d) => DateTimeOffset.Parse(d.Data.GetProperty("cause").GetProperty("at").GetString()!, CultureInfo.InvariantCulture);

    private static string NeedChromium()
    {
        var named = Environment.GetEnvironmentVariable("CLOSEDLOOP_CHROMIUM") is { Length: > 0 } path ? path : Parts.OnPath("chromium") ?? "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(named), $"Chromium is not installed ({named})");
        return named;
    }
}
