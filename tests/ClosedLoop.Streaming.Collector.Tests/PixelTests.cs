using System.Net;

namespace ClosedLoop.Streaming.Collector.Tests;

public class PixelTests
{
    private static readonly string _page = Uri.EscapeDataString("https://shop.example/tents?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=abc&password=x");

    [Theory]
    [InlineData("/i")]
    [InlineData("/ice.png")]
    public async Task A_view_is_stored_and_answered_with_the_picture(string path)
    {
        await using var door = TestDoor.Open();
        var answer = await door.GetAsync($"{path}?e=pv&aid=demo&url={_page}&page=Tents&eid=e-1&lang=uk&tz=Europe/Kyiv&p=web&color=red");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(43, (await answer.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal("image/gif", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());

        var hit = await door.OnlyRecordAsync();
        Assert.Equal(RecordKind.Event, hit.Kind);
        Assert.Equal(door.Clock.NowMs, hit.TimeMs);
        Assert.Equal(("demo", "page_view", "pixel", "e-1", "Tents"), (hit.Site, hit[Field.Name], hit[Field.Door], hit[Field.EventId], hit[Field.PageTitle]));
        Assert.Equal(("google", "cpc", "spring", "abc", "Google Ads"),
            (hit[Field.Source], hit[Field.Medium], hit[Field.Campaign], hit[Field.ClickId], hit[Field.Network]));
        Assert.DoesNotContain("password", hit[Field.PageUrl], StringComparison.Ordinal);
        Assert.Equal("127.0.0.0", hit[Field.Ip]);
        Assert.Equal(("uk", "Europe/Kyiv", "web"), (hit[Field.Language], hit[Field.Timezone], hit[Field.Platform]));
        Assert.Equal("""{"color":"red"}""", hit[Field.Properties]);
        Assert.Equal("v" + hit[Field.VisitorId], hit.Key);
        Assert.Matches("^[0-9a-f]{32}$", hit[Field.VisitorId]);
        Assert.Equal(EventFlags.NewCookie, hit.Flags);
        Assert.Equal(Partitioning.Of("demo"u8, System.Text.Encoding.UTF8.GetBytes(hit.Key), 4), hit.Partition);
    }

    [Theory]
    [InlineData("", "page_view")]
    [InlineData("e=pv", "page_view")]
    [InlineData("e=pp", "page_ping")]
    [InlineData("e=se&se_ca=video&se_ac=play", "structured_event")]
    [InlineData("e=tr&tr_id=O1&tr_tt=10.50", "purchase")]
    [InlineData("e=ti&ti_sk=T1", "transaction_item")]
    [InlineData("e=add_to_cart", "add_to_cart")]
    [InlineData("e=video+watched", "video watched")]
    [InlineData("e=ue&ue_px=eyJzY2hlbWEiOiJ4IiwiZGF0YSI6eyJzY2hlbWEiOiJpZ2x1OmNvbS5hY21lL3ZpZXdlZF9wcm9kdWN0L2pzb25zY2hlbWEvMS0wLTAiLCJkYXRhIjp7InNrdSI6IlQxIn19fQ", "viewed_product")]
    public async Task Names_of_the_tracker_protocol_become_ours(string query, string name)
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i?" + query);
        Assert.Equal(name, (await door.OnlyRecordAsync())[Field.Name]);
    }

    [Theory]
    [InlineData("aid=nobody", "unknown_site")]
    [InlineData("e=%00", "bad_event_name")]
    [InlineData("e=stage_changed", "needs_key")]
    [InlineData("e=ue&ue_px=%25%25", "bad_properties")]
    [InlineData("e=tr&tr_id=O1", "field_missing")]
    [InlineData("e=tr&tr_id=O1&tr_tt=1e99", "bad_money")]
    [InlineData("e=tr&tr_id=O1&tr_tt=-1", "bad_money")]
    [InlineData("e=tr&tr_id=O1&tr_tt=NaN", "bad_money")]
    [InlineData("e=tr&tr_id=O1&tr_tt=1&tr_cu=eur", "bad_currency")]
    [InlineData("e=tr&tr_id=O1&tr_tt=1&tr_cu=USD", "currency_without_rate")]
    public async Task What_is_not_understood_is_kept_with_its_reason_and_still_gets_the_picture(string query, string reason)
    {
        await using var door = TestDoor.Open();
        var answer = await door.GetAsync("/i?token=secret&" + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(43, (await answer.Content.ReadAsByteArrayAsync()).Length);
        Assert.Null(TestDoor.CookieOf(answer));
        var hit = await door.OnlyRecordAsync();
        Assert.Equal((RecordKind.Refused, reason, ""), (hit.Kind, hit[Field.Reason], hit.Key));
        Assert.Equal("(redacted)", hit.Json(Field.Payload).GetProperty("token").GetString());
    }

    [Fact]
    public async Task A_head_request_never_counts()
    {
        await using var door = TestDoor.Open();
        var answer = await door.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/i?e=pv"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(43, answer.Content.Headers.ContentLength);
        Assert.Empty(await door.RecordsAsync());
    }

    [Fact]
    public async Task Without_url_the_page_is_the_referer()
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i", ("Referer", "https://shop.example/a?utm_source=x"));
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(("https://shop.example/a?utm_source=x", "x"), (hit[Field.PageUrl], hit[Field.Source]));
    }

    [Theory]
    [InlineData("https://shop.example/", false)]
    [InlineData("https://WWW.shop.example:8443/", false)]
    [InlineData("https://copy.example/", true)]
    public async Task A_page_on_a_foreign_host_is_marked(string url, bool foreign)
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i?url=" + Uri.EscapeDataString(url));
        Assert.Equal(foreign, (await door.OnlyRecordAsync()).Flags.HasFlag(EventFlags.ForeignHost));
    }

    [Fact]
    public async Task With_two_sites_the_site_must_be_named_by_id_or_alias()
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo, TestDoor.Other]);
        await door.GetAsync("/i?aid=G-DEMO");
        Assert.Equal("demo", (await door.OnlyRecordAsync()).Site);
        await door.GetAsync("/i");
        Assert.Contains(await door.RecordsAsync(), r => r[Field.Reason] == "unknown_site");
    }

    [Fact]
    public async Task Money_without_a_key_is_unverified_unless_the_site_trusts_it()
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i?e=purchase&order_id=O1&revenue=129.90&currency=EUR");
        var hit = await door.OnlyRecordAsync();
        Assert.Equal((1_299_000L, "EUR", "O1"), (hit.Int(Field.Revenue), hit[Field.Currency], hit[Field.OrderId]));
        Assert.False(hit.Flags.HasFlag(EventFlags.Verified) || hit.Flags.HasFlag(EventFlags.MoneyTrusted));
        door.Settings.Set([TestDoor.Demo with { TrustPublicMoney = true }]);
        await door.GetAsync("/i?e=purchase&order_id=O2&revenue=1");
        Assert.Contains(await door.RecordsAsync(), r => r[Field.OrderId] == "O2" && r.Flags.HasFlag(EventFlags.MoneyTrusted));
    }

    [Fact]
    public async Task When_the_log_says_no_the_answer_is_503_with_retry_after()
    {
        await using var door = TestDoor.Open();
        door.Log.Refusal = new LogUnavailableException("full", "full");
        var answer = await door.GetAsync("/i");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("1", answer.Headers.RetryAfter!.ToString());
        Assert.Null(TestDoor.CookieOf(answer));
        door.Log.Refusal = null;
        door.Log.Held = true;
        var waiting = door.GetAsync("/i");
        while (door.Log.Held) { await Task.Delay(5); door.Log.Lose(); if (waiting.IsCompleted) break; }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await waiting).StatusCode);
    }

    [Fact]
    public async Task The_answer_waits_until_the_hit_is_durable()
    {
        await using var door = TestDoor.Open();
        door.Log.Held = true;
        var waiting = door.GetAsync("/i");
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);
        door.Log.Held = false;
        while (!waiting.IsCompleted) { door.Log.Release(); await Task.Delay(5); }
        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
    }
}
