using System.Globalization;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Reports;

/// <summary>What every report is asked about: a site, days in a time zone, and filters (CONTRACT.md §7).</summary>
/// <param name="Where">channel, source, campaign, segment, device, country; only those that were given.</param>
public sealed record ReportScope(Site Site, ReportPeriod Period, IReadOnlyDictionary<string, string> Where)
{
    /// <summary>Filters of all reports.</summary>
    public static IReadOnlyList<string> Filters { get; } = ["channel", "source", "campaign", "segment", "device", "country"];

    /// <summary>Parameters of all reports.</summary>
    public static IReadOnlyList<string> Known { get; } = ["site", "from", "to", "timezone", "format", .. Filters];

    /// <exception cref="ReportMistake">A parameter is out of its range.</exception>
    public static ReportScope Read(ReportParameters parameters, SettingsSnapshot settings, DateTimeOffset now, ReportsOptions options)
    {
        var site = SiteOf(parameters.Text("site"), settings);
        var period = PeriodOf(parameters, ZoneOf(parameters.Text("timezone") ?? site.TimeZone), now, options);
        var where = new Dictionary<string, string>();
        foreach (var filter in Filters)
            if (parameters.Text(filter) is { } value) where[filter] = value;
        return new ReportScope(site, period, where);
    }

    private static Site SiteOf(string? name, SettingsSnapshot settings)
    {
        if (name is null)
            return settings.Sites.Count == 1 ? settings.Sites.Values[0]
                : throw new ReportMistake("site", $"'site' is needed, because there are {settings.Sites.Count} sites: {string.Join(", ", settings.Sites.Keys.Take(20))}.");
        return settings.SitesByName.TryGetValue(name, out var site) ? site : throw new ReportMistake("site", "'site' names no site of this installation.");
    }

    private static TimeZoneInfo ZoneOf(string name) => name.Length < 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw new ReportMistake("timezone", "'timezone' is no IANA time zone such as Europe/Berlin or UTC.");

    private static ReportPeriod PeriodOf(ReportParameters parameters, TimeZoneInfo zone, DateTimeOffset now, ReportsOptions options)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var last = parameters.Date("to") ?? today;
        var first = parameters.Date("from") ?? (last > DateOnly.MinValue.AddDays(29) ? last.AddDays(-29) : last);
        if (first > last) throw new ReportMistake("from", string.Create(CultureInfo.InvariantCulture, $"'from' ({first:yyyy-MM-dd}) is after 'to' ({last:yyyy-MM-dd})."));
        if (first.Year < 1970 || last.Year > 2100) throw new ReportMistake("from", "dates from 1970-01-01 to 2100-12-31 are allowed.");
        var days = last.DayNumber - first.DayNumber + 1;
        return days <= options.DaysMax ? new ReportPeriod(first, last, zone)
            : throw new ReportMistake("from", $"The period has {days} days; at most {options.DaysMax} are allowed (setting ClosedLoop:Reports:DaysMax).");
    }
}
