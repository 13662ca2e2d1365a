using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Streaming.Settings;

/// <summary>Keys of sites: made from 24 random bytes handed in, shown with a prefix that says what they are for, compared in constant time.</summary>
public static class SiteKeys
{
    public const int ChanceBytes = 24;

    /// <summary>"clw_…" writes events, "clr_…" reads reports.</summary>
    public static string Make(string prefix, ReadOnlySpan<byte> chance)
    {
        if (chance.Length != ChanceBytes) throw new ArgumentException($"A key is made of {ChanceBytes} random bytes.", nameof(chance));
        return prefix + Convert.ToBase64String(chance).Replace('+', '-').Replace('/', '_');
    }

    public static string Sha256(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Constant time in the key; an empty hash matches nothing.</summary>
    public static bool Matches(string key, string sha256) =>
        sha256.Length == 64 && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sha256(key)), Encoding.ASCII.GetBytes(sha256));

    /// <summary>A site with new keys, sealed.</summary>
    public static Site WithNewKeys(Site site, Keyring keyring)
    {
        Span<byte> chance = stackalloc byte[ChanceBytes];
        RandomNumberGenerator.Fill(chance);
        var write = Make("clw_", chance);
        RandomNumberGenerator.Fill(chance);
        var report = Make("clr_", chance);
        return site with
        {
            WriteKeySha256 = Sha256(write), WriteKeySealed = keyring.Seal(Encoding.UTF8.GetBytes(write)),
            ReportKeySha256 = Sha256(report), ReportKeySealed = keyring.Seal(Encoding.UTF8.GetBytes(report)),
        };
    }
}
