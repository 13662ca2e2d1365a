using System.Net;

namespace ClosedLoop.Streaming.Collector.Tests;

public class ConsentTests
{
    private static readonly Site _dnt = TestDoor.Demo with { HonourDoNotTrack = true };
    private static readonly Site _optIn = TestDoor.Demo with { Consent = ConsentMode.OptIn };

    public static TheoryData<string, string, string> Signals => new()
    {
        { "Sec-GPC", "1", "gpc" }, { "DNT", "1", "dnt" }, { "SP-Anonymous", "*", "anonymous" }, { "Cookie", "cl_consent=demo:d", "consent" },
        { "Cookie", "cl_consent=other:a|demo:d", "consent" },
    };

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Whoever_opted_out_gets_no_cookie_and_leaves_only_a_count(string name, string value, string reason)
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([_dnt]);
        var answer = await door.GetAsync("/i?url=https://shop.example/secret-page&uid=me", (name, value));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var hit = await door.OnlyRecordAsync();
        Assert.Equal((RecordKind.TotalsOnly, "page_view", reason, ""), (hit.Kind, hit[Field.Name], hit[Field.Reason], hit.Key));
        Assert.Null(hit[Field.VisitorId] ?? hit[Field.PageUrl] ?? hit[Field.Ip] ?? hit[Field.UserAgent] ?? hit[Field.UserId]);
    }

    [Fact]
    public async Task An_existing_cookie_of_an_opted_out_visitor_is_not_stored()
    {
        await using var door = TestDoor.Open();
        var cookie = TestDoor.CookieOf(await door.GetAsync("/i"))!;
        var visitor = (await door.OnlyRecordAsync())[Field.VisitorId]!;
        await door.GetAsync("/i", ("Cookie", cookie), ("Sec-GPC", "1"));
        var totals = (await door.RecordsAsync()).Single(r => r.Kind == RecordKind.TotalsOnly);
        Assert.False(totals.Contains(visitor));
    }

    [Theory]
    [InlineData("DNT", "1")]
    [InlineData("Sec-GPC", "0")]
    [InlineData("Cookie", "cl_consent=other:d")]
    public async Task What_is_no_opt_out_here_is_counted_as_usual(string name, string value)
    {
        await using var door = TestDoor.Open();
        await door.GetAsync("/i", (name, value));
        Assert.Equal(RecordKind.Event, (await door.OnlyRecordAsync()).Kind);
    }

    [Fact]
    public async Task Where_consent_comes_first_only_a_yes_is_tracked()
    {
        await using var door = TestDoor.Open();
        door.Settings.Set([_optIn]);
        Assert.Null(TestDoor.CookieOf(await door.GetAsync("/i")));
        Assert.Equal(RecordKind.TotalsOnly, (await door.OnlyRecordAsync()).Kind);
        var yes = await door.FormAsync("/c/demo", "choice=accept&return=/a");
        Assert.Equal((HttpStatusCode.SeeOther, "http://shop.example/a"), (yes.StatusCode, yes.Headers.GetValues("Location").Single()));
        var consent = TestDoor.CookieOf(yes, "cl_consent");
        Assert.Equal("cl_consent=demo:a", consent);
        var visitor = TestDoor.CookieOf(yes);
        Assert.NotNull(visitor);
        await door.GetAsync("/i", ("Cookie", $"{consent}; {visitor}"));
        var records = await door.RecordsAsync();
        var view = records.Single(r => r.Kind == RecordKind.Event && r[Field.Name] == "page_view");
        Assert.Equal(("accept", records.Single(r => r[Field.Name] == "consent").Key), (view[Field.Consent], view.Key));
    }

    [Fact]
    public async Task A_no_takes_the_cookie_back_and_keeps_what_other_sites_were_told()
    {
        await using var door = TestDoor.Open();
        var cookie = TestDoor.CookieOf(await door.GetAsync("/i"))!;
        var no = await door.FormAsync("/c/demo", "choice=deny", ("Cookie", cookie + "; cl_consent=other:a|demo:a"));
        var lines = no.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(lines, l => l.StartsWith("cl_consent=demo:d|other:a; Max-Age=33696000", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("cl=; Max-Age=0", StringComparison.Ordinal));
        Assert.Single(await door.RecordsAsync(), r => r.Kind == RecordKind.TotalsOnly && r[Field.Name] == "consent");
    }

    [Theory]
    [InlineData("/c/demo", "choice=maybe", HttpStatusCode.BadRequest)]
    [InlineData("/c/demo", "", HttpStatusCode.BadRequest)]
    [InlineData("/c/nobody", "choice=accept", HttpStatusCode.NotFound)]
    public async Task A_choice_that_is_none_is_an_error(string path, string body, HttpStatusCode status)
    {
        await using var door = TestDoor.Open();
        var answer = await door.FormAsync(path, body);
        Assert.Equal(status, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }
}
