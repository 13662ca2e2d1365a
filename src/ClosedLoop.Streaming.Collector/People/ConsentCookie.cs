using Microsoft.Extensions.Primitives;

namespace ClosedLoop.Streaming.Collector;

internal enum Choice { None, Accepted, Denied }

/// <summary>
/// What a visitor told each site that shares this collector: <c>site:a|other:d</c>, newest first. Nothing in it identifies
/// anybody and it can only be made stricter or laxer by the visitor's own browser, so it is not signed.
/// </summary>
internal static class ConsentCookie
{
    /// <summary>Sites remembered in one cookie.</summary>
    public const int SitesMax = 16;

    public static Choice Read(StringValues header, bool secure, string site)
    {
        if (header.Count == 0) return Choice.None;
        var found = new CookieHeader(header, CookieWriter.ConsentName(secure));
        while (found.MoveNext())
        {
            foreach (var range in found.Current.Split('|'))
            {
                var entry = found.Current[range];
                if (entry.Length != site.Length + 2 || entry[^2] != ':' || !entry.StartsWith(site, StringComparison.Ordinal)) continue;
                if (entry[^1] == 'a') return Choice.Accepted;
                if (entry[^1] == 'd') return Choice.Denied;
            }
        }
        return Choice.None;
    }

    /// <summary>The new value: this site's choice first, the other sites' as they were.</summary>
    public static string With(StringValues header, bool secure, string site, Choice choice)
    {
        var entries = new List<string> { $"{site}:{(choice == Choice.Accepted ? 'a' : 'd')}" };
        var found = new CookieHeader(header, CookieWriter.ConsentName(secure));
        while (found.MoveNext())
        {
            foreach (var range in found.Current.Split('|'))
            {
                var entry = found.Current[range];
                if (entries.Count < SitesMax && entry.Length is > 2 and <= 66 && entry[^2] == ':' && entry[^1] is 'a' or 'd'
                    && SiteDirectory.IsSiteId(entry[..^2]) && !entry[..^2].SequenceEqual(site))
                    entries.Add(entry.ToString());
            }
        }
        return string.Join('|', entries);
    }
}
