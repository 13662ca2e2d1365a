using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Webhooks.Tests;

public class SignatureTests
{
    [Fact]
    public void The_published_example_is_reproduced()
    {
        Assert.True(WebhookSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var key));
        var signature = Signature.Of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8, [key]);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Fact]
    public void While_a_secret_rotates_each_signs_and_the_newest_comes_first()
    {
        byte[] old = new byte[24], fresh = new byte[64];
        fresh[0] = 1;
        var both = Signature.Of("msg_1", 1, "{}"u8, [fresh, old]).Split(' ');
        Assert.Equal([Signature.Of("msg_1", 1, "{}"u8, [fresh]), Signature.Of("msg_1", 1, "{}"u8, [old])], both);
    }

    [Fact]
    public void Made_secrets_have_the_form_and_differ()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSecret.Create()).ToArray();
        Assert.All(secrets, secret => Assert.True(WebhookSecret.TryParse(secret, out var key) && key.Length == 32));
        Assert.Equal(100, secrets.Distinct().Count());
    }

    [Theory]
    [InlineData(23, false), InlineData(24, true), InlineData(64, true), InlineData(65, false), InlineData(0, false), InlineData(100_000, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool good) =>
        Assert.Equal(good, WebhookSecret.TryParse("whsec_" + Convert.ToBase64String(new byte[bytes]), out _));

    [Theory]
    [InlineData(null), InlineData(""), InlineData("whsec_"), InlineData("whsec_%%%"), InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
     InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS")]
    public void Anything_else_is_no_secret(string? text) => Assert.False(WebhookSecret.TryParse(text, out _));

    [Fact]
    public void Another_id_time_body_or_key_gives_another_signature() => Prop.ForAll<byte[], byte[], int>((key, body, time) =>
    {
        byte[] whole = [.. key, .. new byte[24]];
        byte[] other = [.. whole];
        other[0] ^= 1;
        var signature = Signature.Of("msg_a", time, body, [whole]);
        return signature == Signature.Of("msg_a", time, body, [whole])
            && signature != Signature.Of("msg_b", time, body, [whole])
            && signature != Signature.Of("msg_a", time + 1L, body, [whole])
            && signature != Signature.Of("msg_a", time, [.. body, 0], [whole])
            && signature != Signature.Of("msg_a", time, body, [other]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_rotated_secret_signs_until_it_ends()
    {
        var settings = new MemorySettings(MemorySettings.Keys);
        string fresh = WebhookSecret.Create(), old = WebhookSecret.Create(), gone = WebhookSecret.Create();
        var endpoint = settings.Endpoint("a", e => e with
        {
            Secrets = [new(settings.Seal(fresh), 0), new(settings.Seal(old), 2_000), new(settings.Seal(gone), 1_000), new("damaged", 0)],
        });
        var target = new Target(endpoint, new AddressGuard([]), MemorySettings.Keys);
        WebhookSecret.TryParse(fresh, out var first);
        WebhookSecret.TryParse(old, out var second);
        Assert.Equal([first, second], target.Keys(nowMs: 1_500));
        Assert.Equal([first], target.Keys(nowMs: 2_000));
    }

    [Fact]
    public void Without_a_secret_that_opens_nothing_can_be_sent()
    {
        var endpoint = new MemorySettings(MemorySettings.Keys).Endpoint("a", e => e with { Secrets = [new("damaged", 0)] });
        Assert.NotNull(new Target(endpoint, new AddressGuard([]), MemorySettings.Keys).Refusal);
    }
}
