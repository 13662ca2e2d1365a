using System.Collections.Frozen;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Who asks: the admin key sees every site, a report key its own. Keys are compared in constant time.</summary>
public readonly record struct ReportAccess(bool IsKnown, Site? Site)
{
    private const int KeyCharsMax = 256;

    public static ReportAccess Of(HttpRequest request, SettingsSnapshot settings, ReportsOptions options)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header.Length > KeyCharsMax) return default;
        var key = header["Bearer ".Length..].Trim();
        if (SiteKeys.Matches(key, options.AdminKeySha256)) return new ReportAccess(true, null);
        foreach (var site in settings.Sites.Values)
            if (SiteKeys.Matches(key, site.ReportKeySha256)) return new ReportAccess(true, site);
        return default;
    }

    /// <summary>The settings as this key may see them.</summary>
    public SettingsSnapshot Visible(SettingsSnapshot settings)
    {
        if (Site is not { } own) return settings;
        return settings with
        {
            Sites = new Dictionary<string, Site> { [own.Id] = own }.ToFrozenDictionary(StringComparer.Ordinal),
            SitesByName = own.Aliases.Append(own.Id).Distinct().ToFrozenDictionary(name => name, _ => own, StringComparer.Ordinal),
        };
    }
}
