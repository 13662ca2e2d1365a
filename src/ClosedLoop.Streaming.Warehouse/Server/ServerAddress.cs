using System.Net.Http.Headers;
using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>A server's address as the settings give it, http(s)://user:password@host:port/, with the credentials taken out of it.</summary>
internal sealed record ServerAddress(Uri Root, AuthenticationHeaderValue? Credentials)
{
    public static ServerAddress Parse(string text)
    {
        var given = new Uri(text, UriKind.Absolute);
        var root = new UriBuilder(given) { UserName = "", Password = "", Query = "", Fragment = "" }.Uri;
        if (given.UserInfo.Length == 0) return new ServerAddress(root, null);
        var colon = given.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var user = Uri.UnescapeDataString(colon < 0 ? given.UserInfo : given.UserInfo[..colon]);
        var password = colon < 0 ? "" : Uri.UnescapeDataString(given.UserInfo[(colon + 1)..]);
        return new ServerAddress(root, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + password))));
    }
}
