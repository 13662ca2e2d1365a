using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Streaming.Settings.Tests;

public class KeyringTests
{
    private static readonly Keyring Ring = new(new byte[32]);

    [Fact]
    public void What_is_sealed_opens_with_the_same_key_only()
    {
        var text = Ring.Seal("whsec_secret"u8);
        Assert.Equal("whsec_secret", Encoding.UTF8.GetString(Ring.Open(text)));
        Assert.NotEqual(text, Ring.Seal("whsec_secret"u8));
        Assert.ThrowsAny<CryptographicException>(() => new Keyring([.. Enumerable.Repeat((byte)1, 32)]).Open(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public void What_was_never_sealed_does_not_open(string text) => Assert.ThrowsAny<CryptographicException>(() => Ring.Open(text));

    [Fact]
    public void A_flipped_bit_does_not_open()
    {
        var bytes = Convert.FromBase64String(Ring.Seal("secret"u8));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => Ring.Open(Convert.ToBase64String(bytes)));
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void Identifiers_differ_by_site_kind_and_value_and_need_the_key()
    {
        var all = new[] { Ring.Identify("a", 'e', "x"), Ring.Identify("b", 'e', "x"), Ring.Identify("a", 'p', "x"), Ring.Identify("a", 'e', "y"), new Keyring([.. Enumerable.Repeat((byte)9, 32)]).Identify("a", 'e', "x") };
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, hash => Assert.Matches("^[0-9a-f]{32}$", hash));
    }

    [Fact]
    public void Site_keys_match_their_hash_alone()
    {
        var key = SiteKeys.Make("clw_", new byte[SiteKeys.ChanceBytes]);
        Assert.StartsWith("clw_", key, StringComparison.Ordinal);
        Assert.True(SiteKeys.Matches(key, SiteKeys.Sha256(key)));
        Assert.False(SiteKeys.Matches(key + "x", SiteKeys.Sha256(key)));
        Assert.False(SiteKeys.Matches("", ""));
    }
}
