using System.Text;

namespace ClosedLoop.Streaming.Collector.Tests;

public class CookieTests
{
    private static readonly VisitorCookie _cookie = new(new Keyring(new byte[32]).CookieKey);

    [Fact]
    public async Task The_first_hit_sets_the_cookie_and_the_next_one_is_the_same_visitor()
    {
        await using var door = TestDoor.Open();
        var first = await door.GetAsync("/i");
        var line = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^cl=[A-Za-z0-9_-]{44}; Max-Age=33696000; Path=/; HttpOnly; SameSite=Lax$", line);
        var second = await door.GetAsync("/i", ("Cookie", "a=b; " + TestDoor.CookieOf(first) + "; c=d"));
        Assert.False(second.Headers.Contains("Set-Cookie"));
        var hits = await door.RecordsAsync();
        Assert.Single(hits.Select(h => h[Field.VisitorId]).Distinct());
        Assert.Single(hits, h => h.Flags.HasFlag(EventFlags.NewCookie));
    }

    [Fact]
    public async Task A_cookie_is_refreshed_once_a_day_with_the_same_id()
    {
        await using var door = TestDoor.Open();
        var first = TestDoor.CookieOf(await door.GetAsync("/i"))!;
        door.Clock.Now += TimeSpan.FromDays(1);
        var second = TestDoor.CookieOf(await door.GetAsync("/i", ("Cookie", first)))!;
        Assert.NotEqual(first, second);
        Assert.Null(TestDoor.CookieOf(await door.GetAsync("/i", ("Cookie", second))));
        Assert.Single((await door.RecordsAsync()).Select(h => h[Field.VisitorId]).Distinct());
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_that_speaks_https_the_cookie_is_host_bound_and_secure()
    {
        await using var door = TestDoor.Open(o => o.TrustedProxies = ["127.0.0.0/8"]);
        var answer = await door.GetAsync("/i", ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "6.6.6.6, 203.0.113.77"));
        Assert.Matches("^__Host-cl=[^;]{44}; Max-Age=33696000; Path=/; Secure; HttpOnly; SameSite=Lax$", Assert.Single(answer.Headers.GetValues("Set-Cookie")));
        Assert.Equal("203.0.113.0", (await door.OnlyRecordAsync())[Field.Ip]);
        Assert.Null(TestDoor.CookieOf(await door.GetAsync("/i", ("X-Forwarded-Proto", "https"), ("Cookie", TestDoor.CookieOf(answer, "__Host-cl")!)), "__Host-cl"));
    }

    [Fact]
    public async Task Forwarded_headers_of_anybody_else_are_not_believed()
    {
        await using var door = TestDoor.Open(o => o.TrustedProxies = ["10.0.0.0/8"]);
        var answer = await door.GetAsync("/i", ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.77"));
        Assert.NotNull(TestDoor.CookieOf(answer, "cl"));
        Assert.Equal("127.0.0.0", (await door.OnlyRecordAsync())[Field.Ip]);
    }

    [Fact]
    public void Of_a_hundred_thousand_forged_values_none_is_accepted()
    {
        var random = new Random(7);
        Span<char> genuine = stackalloc char[VisitorCookie.Characters];
        _cookie.Write(new Id(1, 2), 20_000, genuine);
        Assert.True(_cookie.TryRead(genuine, out var reading));
        Assert.Equal(new CookieReading(new Id(1, 2), 20_000), reading);
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Span<char> forged = stackalloc char[VisitorCookie.Characters];
        for (var i = 0; i < 100_000; i++)
        {
            genuine.CopyTo(forged);
            // One character changed, a few, or all: the hardest forgery differs least.
            for (var changes = i % 3 == 0 ? 1 : i % 3 == 1 ? 4 : 44; changes > 0; changes--) forged[random.Next(44)] = Alphabet[random.Next(64)];
            if (forged.SequenceEqual(genuine)) continue;
            Assert.False(_cookie.TryRead(forged, out _), forged.ToString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public async Task A_forged_cookie_gives_a_new_visitor(string value)
    {
        await using var door = TestDoor.Open();
        Assert.NotNull(TestDoor.CookieOf(await door.GetAsync("/i", ("Cookie", "cl=" + value))));
        Assert.True((await door.OnlyRecordAsync()).Flags.HasFlag(EventFlags.NewCookie));
    }

    [Fact]
    public void Another_key_reads_nothing()
    {
        Span<char> genuine = stackalloc char[VisitorCookie.Characters];
        _cookie.Write(new Id(1, 2), 20_000, genuine);
        Assert.False(new VisitorCookie(Encoding.ASCII.GetBytes("another key of thirty-two bytes.")).TryRead(genuine, out _));
    }
}
