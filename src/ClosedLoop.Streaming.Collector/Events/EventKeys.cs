using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What a key opens: every site, or one.</summary>
internal readonly record struct KeyGrant(bool All, DoorSite? Site)
{
    public bool IsNone => !All && Site is null;
}

/// <summary>Checks <c>Authorization: Bearer</c> against the admin key and the sites' write keys, of which only the SHA-256 is known.</summary>
internal sealed class EventKeys(CollectorOptions options, SiteDirectory sites)
{
    public const int KeyBytesMax = 512;

    public KeyGrant Check(string? authorization, out Refusal refusal)
    {
        const string Scheme = "Bearer ";
        refusal = Refusal.KeyMissing;
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return default;
        var key = authorization.AsSpan(Scheme.Length).Trim();
        if (key.IsEmpty) return default;
        refusal = Refusal.KeyUnknown;
        if (key.Length > KeyBytesMax) return default;
        Span<byte> bytes = stackalloc byte[KeyBytesMax * 3];
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(key, bytes)], hash);
        Span<byte> hex = stackalloc byte[64];
        Convert.TryToHexStringLower(hash, hex, out _);
        if (Same(hex, options.AdminKeySha256)) return new(true, null);
        // Every site is compared, so that the time says nothing about which one came close.
        DoorSite? found = null;
        foreach (var site in sites.All)
            if (Same(hex, site.Site.WriteKeySha256)) found = site;
        return new(false, found);
    }

    private static bool Same(ReadOnlySpan<byte> hex, string known)
    {
        if (known.Length != 64) return false;
        Span<byte> bytes = stackalloc byte[64];
        return Encoding.ASCII.TryGetBytes(known, bytes, out _) && CryptographicOperations.FixedTimeEquals(hex, bytes);
    }
}
