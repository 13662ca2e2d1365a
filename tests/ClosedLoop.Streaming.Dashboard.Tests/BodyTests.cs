using System.Text;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>What a body may be, and what each mistake is called.</summary>
public sealed class BodyTests
{
    [Theory]
    [InlineData("[]", "bad_json", "object")]
    [InlineData("null", "bad_json", "object")]
    [InlineData("{", "bad_json", "JSON")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}", "bad_json", "once")]
    [InlineData("{\"id\":\"\\ud800\"}", "bad_json", "surrogate")]
    [InlineData("{\"\\ud800\":1}", "bad_json", "")]
    [InlineData("{\"idd\":\"a\"}", "unknown_field", "'idd'")]
    [InlineData("{\"id\":\"a\",\"retention\":{\"days\":1}}", "unknown_field", "retention")]
    [InlineData("{\"id\":7}", "bad_field", "'id' must be text")]
    [InlineData("{\"id\":\"a\",\"hosts\":\"b\"}", "bad_field", "'hosts' must be a list of texts")]
    [InlineData("{\"id\":\"a\",\"lookback_days\":1.5}", "bad_field", "'lookback_days' must be a whole number")]
    [InlineData("{\"id\":\"a\",\"trust_public_money\":\"yes\"}", "bad_field", "true or false")]
    [InlineData("{\"id\":\"a\",\"channel_rules\":[7]}", "bad_field", "channel_rules")]
    public void A_wrong_body_is_named(string body, string code, string part)
    {
        var refused = Assert.Throws<ApiException>(() => Given<SiteBody>.Read(Encoding.UTF8.GetBytes(body), 16));
        Assert.Equal(code, refused.Refusal.Code());
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_there_is_told_from_what_was_not()
    {
        var given = Given<SegmentBody>.Read("""{"group":null,"rule":"true"}"""u8.ToArray(), 16);
        Assert.True(given.Has("group"));
        Assert.False(given.Has("order"));
        Assert.Null(given.Value.Group);
    }

    [Fact]
    public async Task Limits_answer_with_their_codes()
    {
        await using var system = await TestSystem.StartAsync();
        static string Nested(int levels) => "{\"rule\":\"true\",\"action\":" + new string('[', levels - 1) + new string(']', levels - 1) + "}";
        await system.JsonAsync("PUT", "/v1/segments/deep", Nested(16), 201);
        Assert.Equal("bad_json", (await system.ErrorAsync("PUT", "/v1/segments/deeper", Nested(17), 400)).Text("code"));
        Assert.Equal("bad_json", (await system.ErrorAsync("PUT", "/v1/segments/empty", "", 400)).Text("code"));
        Assert.Equal("too_large", (await system.ErrorAsync("PUT", "/v1/segments/long", new string(' ', 1024 * 1024 + 1), 413)).Text("code"));
        // So much more that it isn't read at all; the client asks before it sends, so that the answer can't be lost with the connection.
        using var longer = await system.SendAsync("PUT", "/v1/segments/longer", new string(' ', 3 * 1024 * 1024), TestSystem.AdminKey, ("Expect", "100-continue"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, longer.StatusCode);
        using var notText = await system.SendBytesAsync("PUT", "/v1/segments/bytes", [0x7B, 0xFF, 0x7D], TestSystem.AdminKey);
        Assert.Equal(HttpStatusCode.BadRequest, notText.StatusCode);
        using var whatever = await system.SendAsync("PUT", "/v1/segments/typed", "{\"rule\":\"true\"}", TestSystem.AdminKey, ("Content-Type", "text/plain"));
        Assert.Equal(HttpStatusCode.Created, whatever.StatusCode);
    }

    [Fact]
    public async Task When_the_log_takes_nothing_it_is_503()
    {
        await using var system = await TestSystem.StartAsync();
        system.Log.Refusal = new ClosedLoop.Streaming.Log.LogUnavailableException("full", "The disk is full.");
        using var answer = await system.SendAsync("PATCH", "/v1/sites/demo", """{"currency":"UAH"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        system.Log.Refusal = null;
        Assert.Equal("UAH", (await system.JsonAsync("PATCH", "/v1/sites/demo", """{"currency":"UAH"}""")).Text("currency"));
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("@x", "\"'@x\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("a\"b,c", "\"a\"\"b,c\"")]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    public void A_spreadsheet_runs_no_value(string? value, string written) => Assert.Equal(written + "\r\n", CsvRow.Append(new StringBuilder(), value).ToString());
}
