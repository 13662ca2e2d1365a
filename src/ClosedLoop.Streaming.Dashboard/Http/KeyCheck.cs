using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What kind of key a caller showed.</summary>
internal enum KeyKind { Admin, Write, Report }

/// <param name="Kind">The key's kind.</param>
/// <param name="Site">The site that a write or report key belongs to; null for the admin key.</param>
internal readonly record struct Grant(KeyKind Kind, string? Site)
{
    /// <exception cref="ApiException">The key belongs to another site.</exception>
    public void MustOpen(string site)
    {
        if (Site is not null && Site != site) throw new ApiException(ApiRefusal.KeyForbidden, $"This key does not open the site '{site}'.");
    }
}

/// <summary>Checks <c>Authorization: Bearer</c> against the admin key and the keys of all sites, of which only the SHA-256 is known.</summary>
internal sealed class KeyCheck(DashboardOptions options, ISettings settings)
{
    public const int KeyCharactersMax = 512;

    private readonly byte[] _admin = Encoding.ASCII.GetBytes(options.AdminKeySha256);

    /// <exception cref="ApiException">There is no key, or nobody's.</exception>
    public Grant Check(string? authorization)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || authorization.AsSpan(Scheme.Length).Trim().IsEmpty)
            throw new ApiException(ApiRefusal.KeyMissing, "Send the header Authorization: Bearer KEY.");
        var hash = Hash(authorization[Scheme.Length..].Trim());
        var grant = CryptographicOperations.FixedTimeEquals(hash, _admin) ? new Grant(KeyKind.Admin, null) : OfSites(hash);
        return grant ?? throw new ApiException(ApiRefusal.KeyUnknown, "This key is not known.");
    }

    /// <summary>Whether a text is the admin key; in constant time.</summary>
    public bool IsAdmin(string key) => CryptographicOperations.FixedTimeEquals(Hash(key), _admin);

    private Grant? OfSites(byte[] hash)
    {
        // Every site is compared, so that the time says nothing about which one came close.
        Grant? found = null;
        foreach (var site in settings.Current.Sites.Values)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(site.WriteKeySha256))) found = new Grant(KeyKind.Write, site.Id);
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(site.ReportKeySha256))) found = new Grant(KeyKind.Report, site.Id);
        }
        return found;
    }

    // 64 characters of hex: never as long as an empty setting, so that no key matches where none is set.
    private static byte[] Hash(string key) =>
        Encoding.ASCII.GetBytes(SiteKeys.Sha256(key.Length > KeyCharactersMax ? "" : key));
}
