using System.Net;

namespace ClosedLoop.Streaming.Collector.Tests;

public class RedirectTests
{
    private static readonly Link _link = new()
    {
        Slug = "spring", Site = "demo", Url = "https://shop.example/tents?a=1", Source = "partner", Medium = "referral", Campaign = "spring", Channel = "Offline",
    };

    [Fact]
    public async Task A_stored_link_records_a_click_with_its_campaign_and_adds_nothing_to_the_target()
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo], _link);
        var answer = await door.GetAsync("/r/spring?fbclid=xyz", ("Referer", "https://news.example/a"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("https://shop.example/tents?a=1", answer.Headers.GetValues("Location").Single());
        Assert.NotNull(TestDoor.CookieOf(answer));
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(("click", "redirect", "spring", "Offline"), (hit[Field.Name], hit[Field.Door], hit[Field.LinkSlug], hit[Field.LinkChannel]));
        Assert.Equal(("partner", "referral", "spring", "xyz", "Meta"),
            (hit[Field.Source], hit[Field.Medium], hit[Field.Campaign], hit[Field.ClickId], hit[Field.Network]));
        Assert.Equal("https://news.example/a", hit[Field.Referrer]);
        Assert.Equal("https://shop.example/tents?a=1", hit.Json(Field.Properties).GetProperty("target").GetString());
    }

    [Fact]
    public async Task A_link_without_a_campaign_takes_that_of_its_target()
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo], new Link { Slug = "x", Site = "demo", Url = "https://shop.example/?utm_source=mail&utm_medium=email" });
        await door.GetAsync("/r/x");
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(("mail", "email"), (hit[Field.Source], hit[Field.Medium]));
    }

    [Fact]
    public async Task An_unknown_slug_is_404_and_is_kept()
    {
        await using var door = TestDoor.Open();
        Assert.Equal(HttpStatusCode.NotFound, (await door.GetAsync("/r/nothing")).StatusCode);
        Assert.Equal("unknown_link", (await door.OnlyRecordAsync())[Field.Reason]);
    }

    [Fact]
    public async Task Head_redirects_and_never_counts()
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo], _link);
        var answer = await door.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/r/spring"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Empty(await door.RecordsAsync());
    }

    [Fact]
    public async Task A_signed_link_leads_to_its_target()
    {
        await using var door = TestDoor.Open();
        var query = new LinkSigner(door.Keyring.LinkKey).Query(new SignedLink("https://partner.example/Ж?q=a b")
        {
            Source = "mail & more", Medium = "email", Campaign = "весна", Site = "demo",
        });
        var answer = await door.GetAsync("/r?" + query + "&gclid=1");
        Assert.Equal("https://partner.example/%D0%96?q=a%20b", answer.Headers.GetValues("Location").Single());
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(("click", "mail & more", "весна", "1"), (hit[Field.Name], hit[Field.Source], hit[Field.Campaign], hit[Field.ClickId]));
    }

    public static TheoryData<string> Forgeries => new(
        "u=https://evil.example/&s=", "s={s}", "u=https://evil.example/&s={s}", "u=https://good.example/&u=https://evil.example/&s={s}",
        "u=https://good.example/&utm_source=x&s={s}", "u=https://good.example/&utm_campaign=b&s={s}", "u=https://good.example&s={s}",
        "u=https://good.example/&s={s}A", "u=https://good.example/&s={s}%00", "u=https://good.example/&s=%00{s}", "u=https://good.example/&channel=Email&s={s}",
        "u=https://good.example/&aid=other&s={s}", "u=https://good.example/%0d%0aSet-Cookie:a=b&s={s}");

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_link_that_was_changed_is_400_and_never_a_redirect(string forged)
    {
        await using var door = TestDoor.Open();
        var signature = new LinkSigner(door.Keyring.LinkKey).Signature(new SignedLink("https://good.example/"));
        Assert.Equal(HttpStatusCode.Redirect, (await door.GetAsync("/r?u=https://good.example/&s=" + signature)).StatusCode);
        var answer = await door.GetAsync("/r?" + forged.Replace("{s}", signature, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Location"));
    }

    [Fact]
    public void Of_a_hundred_thousand_forged_signatures_none_is_accepted()
    {
        var signer = new LinkSigner(new byte[32]);
        var link = new SignedLink("https://good.example/");
        var genuine = System.Text.Encoding.ASCII.GetBytes(signer.Signature(link));
        Assert.True(signer.Verifies(link, genuine));
        var random = new Random(11);
        for (var i = 0; i < 100_000; i++)
        {
            var forged = (byte[])genuine.Clone();
            for (var changes = 1 + i % 3; changes > 0; changes--) forged[random.Next(forged.Length)] = (byte)random.Next(33, 127);
            if (!forged.AsSpan().SequenceEqual(genuine)) Assert.False(signer.Verifies(link, forged));
        }
    }

    [Fact]
    public async Task An_opted_out_visitor_s_click_is_processed_as_that_act_alone()
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([TestDoor.Demo], _link);
        var answer = await door.GetAsync("/r/spring", ("Sec-GPC", "1"), ("Referer", "https://news.example/a"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var hit = await door.OnlyRecordAsync();
        Assert.Equal(EventFlags.ActOnly, hit.Flags);
        Assert.Null(hit[Field.VisitorId] ?? hit[Field.Ip] ?? hit[Field.UserAgent] ?? hit[Field.Referrer]);
        Assert.Equal("v" + hit.Id, hit.Key);
    }
}
