using System.Net.Http.Headers;
using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>
/// A server's address as the settings give it, http(s)://user:password@host:port/, with the credentials taken out of it.
/// The settings for user and password stand above those of the address, so that a secret can be kept apart.
/// </summary>
internal sealed record ServerAddress(Uri Root, string User, AuthenticationHeaderValue? Credentials)
{
    public static ServerAddress Of(WarehouseOptions options)
    {
        var address = Parse(options.ServerUrl ?? throw new ArgumentException("ServerUrl is not set.", nameof(options)));
        if (string.IsNullOrEmpty(options.ServerUser) && string.IsNullOrEmpty(options.ServerPassword)) return address;
        var (user, password) = Parts(new Uri(options.ServerUrl, UriKind.Absolute).UserInfo);
        user = string.IsNullOrEmpty(options.ServerUser) ? user : options.ServerUser;
        password = string.IsNullOrEmpty(options.ServerPassword) ? password : options.ServerPassword;
        return address with { User = NameOf(user), Credentials = Basic(NameOf(user), password) };
    }

    public static ServerAddress Parse(string text)
    {
        var given = new Uri(text, UriKind.Absolute);
        var root = new UriBuilder(given) { UserName = "", Password = "", Query = "", Fragment = "" }.Uri;
        var (user, password) = Parts(given.UserInfo);
        return new ServerAddress(root, NameOf(user), given.UserInfo.Length == 0 ? null : Basic(user, password));
    }

    private static string NameOf(string user) => user.Length == 0 ? "default" : user;

    private static (string User, string Password) Parts(string info)
    {
        var colon = info.IndexOf(':', StringComparison.Ordinal);
        return (Uri.UnescapeDataString(colon < 0 ? info : info[..colon]), colon < 0 ? "" : Uri.UnescapeDataString(info[(colon + 1)..]));
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + password)));
}
