using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// The cookie of somebody who has shown the admin key: an end and its HMAC. The HMAC is over the key's hash too, so that another admin key
/// ends all sessions. It opens the pages only, never the API, and is never sent along from another site.
/// </summary>
internal sealed class PageSession(DashboardOptions options, Keyring keyring, PublicAddress address, TimeProvider time)
{
    private const int EndBytes = 8, ValueBytes = EndBytes + 32;

    private readonly byte[] _key = HMACSHA256.HashData(keyring.CookieKey, Encoding.UTF8.GetBytes("page session " + options.AdminKeySha256));

    public bool IsOpen(HttpContext http)
    {
        Span<byte> value = stackalloc byte[ValueBytes];
        if (!http.Request.Cookies.TryGetValue(Name(http), out var text) || text.Length > 64
            || Base64Url.DecodeFromChars(text, value, out _, out var written) != System.Buffers.OperationStatus.Done || written != ValueBytes) return false;
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, value[..EndBytes]), value[EndBytes..])
            && BinaryPrimitives.ReadInt64BigEndian(value) > time.GetUtcNow().ToUnixTimeSeconds();
    }

    public void Open(HttpContext http)
    {
        Span<byte> value = stackalloc byte[ValueBytes];
        BinaryPrimitives.WriteInt64BigEndian(value, time.GetUtcNow().AddHours(options.SessionHours).ToUnixTimeSeconds());
        HMACSHA256.HashData(_key, value[..EndBytes], value[EndBytes..]);
        http.Response.Cookies.Append(Name(http), Base64Url.EncodeToString(value), Cookie(http, TimeSpan.FromHours(options.SessionHours)));
    }

    public void Close(HttpContext http) => http.Response.Cookies.Append(Name(http), "", Cookie(http, TimeSpan.Zero));

    private string Name(HttpContext http) => address.IsSecure(http) ? "__Host-cl_pages" : "cl_pages";

    private CookieOptions Cookie(HttpContext http, TimeSpan age) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = address.IsSecure(http), Path = "/", MaxAge = age };
}
