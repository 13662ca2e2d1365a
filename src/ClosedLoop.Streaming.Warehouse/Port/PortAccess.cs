using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>Who may ask: one user, one password, given as Basic, as X-ClickHouse headers or in the address. Compared in constant time.</summary>
internal sealed class PortAccess(string user, string password)
{
    private readonly byte[] _expected = Digest(user, password);
    private readonly bool _open = password.Length > 0;

    /// <summary>Throws <see cref="PortRefusal"/>: 194 when nothing was given, 516 when it was wrong.</summary>
    public void Check(HttpRequest request)
    {
        if (Given(request) is not { } given)
            throw new PortRefusal(194, "REQUIRED_PASSWORD", "User and password are required");
        if (!CryptographicOperations.FixedTimeEquals(Digest(given.User, given.Password), _expected) || !_open)
            throw new PortRefusal(516, "AUTHENTICATION_FAILED", "Authentication failed: password is incorrect, or there is no user with such name");
    }

    private static (string User, string Password)? Given(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return Basic(authorization["Basic ".Length..].Trim());
        if (request.Headers.TryGetValue(PortHeaders.User, out var name)) return (name.ToString(), request.Headers[PortHeaders.Key].ToString());
        if (request.Query.TryGetValue("user", out var named)) return (named.ToString(), request.Query["password"].ToString());
        return null;
    }

    private static (string, string)? Basic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var count)) return ("", "");
        var text = Encoding.UTF8.GetString(bytes, 0, count);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    // Digests have one length, so the comparison says nothing about the length either.
    private static byte[] Digest(string user, string password) => SHA256.HashData(Encoding.UTF8.GetBytes(user + "\0" + password));
}
