using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// Where the browser goes after a form: only to a host of the site, otherwise to our own small thank-you page. A path alone means the page's
/// own host, which may be another than the collector's.
/// </summary>
internal static class ReturnTarget
{
    public const string Thanks = "/f/thanks";

    public static string Resolve(string? wanted, DoorSite site, IHttpRequestFeature request, in Caller caller)
    {
        if (wanted is null) return Thanks;
        if (SafeTarget.TryPath(wanted, out var path)) return Base(site, request, in caller) + path;
        if (SafeTarget.TryAbsolute(wanted, out var absolute)
            && Uri.TryCreate(absolute, UriKind.Absolute, out var uri) && site.OwnsHost(uri.Authority)) return absolute;
        return Thanks;
    }

    /// <summary>Scheme and host to put before a path; empty where the collector answers on the site's own host.</summary>
    private static string Base(DoorSite site, IHttpRequestFeature request, in Caller caller)
    {
        if (site.Hosts.Count == 0 || site.OwnsHost(request.Headers.Host.ToString())) return "";
        if (SafeTarget.TryAbsolute(caller.Referer, out var referer) && Uri.TryCreate(referer, UriKind.Absolute, out var page) && site.OwnsHost(page.Authority))
            return $"{page.Scheme}://{page.Authority}";
        var host = site.Site.Hosts[0];
        return SafeTarget.TryAbsolute($"{(caller.Secure ? "https" : "http")}://{host}", out var first) ? first : "";
    }
}
