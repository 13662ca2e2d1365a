using System.Text.Json;
using ClosedLoop.Streaming.Integration.Tests.Running;
using Microsoft.Playwright;

namespace ClosedLoop.Streaming.Browser.Tests;

/// <summary>What one person does in the shop, and what is known of that person at each step.</summary>
internal static class PersonsWay
{
    public static async Task GoAsync(RunningProgram program, Shop shop, WebhookSink sink, IPage page, string email)
    {
        var before = sink.All.Count;
        await SeeAsync(page, () => page.GotoAsync(shop.Url + "/", Arrived));
        Assert.Equal("Tents", await page.TitleAsync());
        await SeeAsync(page, () => page.GotoAsync(shop.Url + "/tents", Arrived));
        await SeeAsync(page, () => ClickAsync(page, "#next"));
        Assert.Equal(shop.Url + "/tents/alp", page.Url);
        var warm = await sink.NextAsync(d => d.Text("segment") == "warm" && sink.All.ToList().IndexOf(d) >= before, "warm");
        Assert.Equal(("cold", "page_view"), (warm.Text("previous"), warm.Data.GetProperty("cause").GetProperty("event").GetString()));

        await SeeAsync(page, () => ClickAsync(page, "#mail"));
        Assert.StartsWith(shop.Url + "/spring", page.Url, StringComparison.Ordinal);
        await page.FillAsync("#email", email);
        await ClickAsync(page, "#send");
        await page.WaitForURLAsync(shop.Url + "/thanks", new() { WaitUntil = WaitUntilState.Commit });
        var progress = await sink.NextAsync(d => d.Text("segment") == "in_progress" && d.Text("visitor_id") == warm.Text("visitor_id"), "in_progress");
        Assert.Equal(("warm", "form_submit"), (progress.Text("previous"), progress.Data.GetProperty("cause").GetProperty("event").GetString()));
        await OnePersonAsync(program, email, warm.Text("visitor_id")!);
    }

    private static PageGotoOptions Arrived => new() { WaitUntil = WaitUntilState.Commit };

    /// <summary>Does something that shows a page, and waits until its picture was answered: then the hit is durable.</summary>
    private static async Task SeeAsync(IPage page, Func<Task> act)
    {
        var picture = await page.RunAndWaitForResponseAsync(act, response => response.Url.Contains("/i?e=pv", StringComparison.Ordinal));
        Assert.Equal(200, picture.Status);
    }

    // Chromium drops input that comes before a page was painted; a picture of the page makes it paint.
    private static async Task ClickAsync(IPage page, string what)
    {
        await page.ScreenshotAsync();
        await page.ClickAsync(what);
    }

    /// <summary>One visitor, two sessions, one lead, in progress.</summary>
    private static async Task OnePersonAsync(RunningProgram program, string email, string visitor)
    {
        var lead = (await program.FindAsync("/v1/leads?email=" + email))!.Value;
        Assert.Equal([visitor], lead.GetProperty("visitor_ids").EnumerateArray().Select(v => v.GetString()));
        Assert.Contains("in_progress", lead.GetProperty("segments").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal("lead", lead.GetProperty("stage").GetString());
        var live = (await program.FindAsync("/v1/visitors/" + visitor))!.Value;
        Assert.Equal((2, 4), (live.GetProperty("sessions").GetInt32(), live.GetProperty("page_views").GetInt32()));
        Assert.Equal(lead.GetProperty("lead_id").GetString(), live.GetProperty("lead_id").GetString());
        var touch = live.GetProperty("last_touch");
        Assert.Equal(("Email", "letter", "spring"), (touch.GetProperty("channel").GetString(), touch.GetProperty("source").GetString(), touch.GetProperty("campaign").GetString()));
        Assert.Equal("Direct", live.GetProperty("first_touch").GetProperty("channel").GetString());
    }
}
