using System.Net;
using System.Text;

namespace ClosedLoop.Streaming.Collector.Tests;

public class FormTests
{
    [Fact]
    public async Task A_form_ties_the_cookie_to_a_person_without_storing_the_address()
    {
        await using var door = TestDoor.Open();
        var cookie = TestDoor.CookieOf(await door.GetAsync("/i"))!;
        var answer = await door.FormAsync("/f/demo",
            "form=demo&email=+Anna%40Example.COM+&phone=%2B380+(50)+123-45-67&name=Anna&company=Alp&message=Hello%21&password=x&return=/thanks",
            ("Cookie", cookie), ("Referer", "https://shop.example/contact?utm_source=mail"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("https://shop.example/thanks", answer.Headers.GetValues("Location").Single());
        Assert.False(answer.Headers.Contains("Set-Cookie"));

        var records = await door.RecordsAsync();
        var form = records.Single(r => r[Field.Name] == "form_submit");
        Assert.Equal(records.Single(r => r[Field.Name] == "page_view").Key, form.Key);
        Assert.Equal(("demo", "form"), (form[Field.Form], form[Field.Door]));
        Assert.Equal(door.Keyring.Identify("demo", 'e', "anna@example.com"), form[Field.Email]);
        Assert.Equal("anna@example.com", Encoding.UTF8.GetString(door.Keyring.Open(form[Field.EmailSealed]!)));
        Assert.Equal("+380501234567", Encoding.UTF8.GetString(door.Keyring.Open(form[Field.PhoneSealed]!)));
        Assert.Equal("e:" + form[Field.Email], form[Field.Identifier]);
        Assert.Equal("""{"name":"Anna","company":"Alp"}""", form[Field.Traits]);
        Assert.Equal("""{"message":"Hello!"}""", form[Field.Properties]);
        Assert.Equal(("https://shop.example/contact?utm_source=mail", "mail"), (form[Field.PageUrl], form[Field.Source]));
        Assert.DoesNotContain(records, r => r.Contains("anna@") || r.Contains("Anna@") || r.Contains("12345"));
    }

    [Fact]
    public async Task Without_a_cookie_the_form_begins_a_visitor()
    {
        await using var door = TestDoor.Open();
        var answer = await door.FormAsync("/f/demo", "email=a@b.example");
        Assert.NotNull(TestDoor.CookieOf(answer));
        Assert.Equal("/f/thanks", answer.Headers.GetValues("Location").Single());
        var form = await door.OnlyRecordAsync();
        Assert.Equal(("contact", "v" + form[Field.VisitorId]), (form[Field.Form], form.Key));
    }

    [Fact]
    public async Task A_multipart_form_is_the_same_form()
    {
        await using var door = TestDoor.Open();
        using var content = new MultipartFormDataContent("b0undary")
        {
            { new StringContent("quote"), "form" }, { new StringContent("Ж@b.example"), "email" }, { new StringContent("two\r\nlines"), "message" },
            { new ByteArrayContent(new byte[100]), "file", "a.pdf" },
        };
        var answer = await door.Http.PostAsync("/f/demo", content);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var form = await door.OnlyRecordAsync();
        Assert.Equal("quote", form[Field.Form]);
        Assert.Equal(door.Keyring.Identify("demo", 'e', "ж@b.example"), form[Field.Email]);
        Assert.Equal("""{"message":"two\r\nlines","file":"(file)"}""", form[Field.Properties]);
    }

    [Theory]
    [InlineData("form=x", "lead_missing")]
    [InlineData("email=nobody", "bad_email")]
    [InlineData("email=a%0d%0ab@c.example", "bad_email")]
    [InlineData("phone=12", "bad_phone")]
    [InlineData("phone=call+me", "bad_phone")]
    [InlineData("email=a@b.example&form=%01", "bad_form")]
    public async Task A_form_that_names_nobody_is_kept_as_refused(string body, string reason)
    {
        await using var door = TestDoor.Open();
        Assert.Equal(HttpStatusCode.BadRequest, (await door.FormAsync("/f/demo", body)).StatusCode);
        var hit = await door.OnlyRecordAsync();
        Assert.Equal((RecordKind.Refused, reason), (hit.Kind, hit[Field.Reason]));
    }

    [Fact]
    public async Task A_form_of_an_unknown_site_is_404_and_kept()
    {
        await using var door = TestDoor.Open();
        Assert.Equal(HttpStatusCode.NotFound, (await door.FormAsync("/f/nobody", "email=a@b.example")).StatusCode);
        Assert.Equal("unknown_site", (await door.OnlyRecordAsync())[Field.Reason]);
    }

    [Fact]
    public async Task What_is_no_form_is_415()
    {
        await using var door = TestDoor.Open();
        var answer = await door.Http.PostAsync("/f/demo", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Who_fills_the_field_that_people_do_not_see_is_kept_as_a_bot()
    {
        await using var door = TestDoor.Open();
        Assert.Equal(HttpStatusCode.SeeOther, (await door.FormAsync("/f/demo", "email=a@b.example&website_confirm=spam")).StatusCode);
        Assert.Equal("honeypot", (await door.OnlyRecordAsync())[Field.BotClass]);
    }

    [Theory]
    [InlineData("https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d")]
    [InlineData("https://www.shop.example:8443/", "https://www.shop.example:8443/")]
    [InlineData("/a b", "http://shop.example/a%20b")]
    [InlineData("https://other.example/", "/f/thanks")]
    [InlineData("//shop.example/", "/f/thanks")]
    [InlineData("thanks.html", "/f/thanks")]
    public async Task A_form_returns_only_to_the_site(string wanted, string location)
    {
        await using var door = TestDoor.Open();
        var answer = await door.FormAsync("/f/demo", "email=a@b.example&return=" + Uri.EscapeDataString(wanted));
        Assert.Equal(location, answer.Headers.GetValues("Location").Single());
    }

    [Fact]
    public async Task The_form_of_somebody_who_opted_out_is_processed_as_that_act()
    {
        await using var door = TestDoor.Open();
        var answer = await door.FormAsync("/f/demo", "email=a@b.example", ("Sec-GPC", "1"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var form = await door.OnlyRecordAsync();
        Assert.Equal(("ie:" + form[Field.Email], EventFlags.ActOnly), (form.Key, form.Flags));
        Assert.Null(form[Field.VisitorId] ?? form[Field.Ip] ?? form[Field.UserAgent]);
    }

    [Fact]
    public async Task How_somebody_heard_of_us_is_a_source_and_no_property()
    {
        await using var door = TestDoor.Open();
        await door.FormAsync("/f/demo", "email=a@b.example&heard_from=+a+podcast+&message=hi");
        var form = await door.OnlyRecordAsync();
        Assert.Equal("a podcast", form[Field.HeardFrom]);
        Assert.False(form.Json(Field.Properties).TryGetProperty("heard_from", out _));
    }
}
