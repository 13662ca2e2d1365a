using System.Globalization;
using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters of <c>/v1/reports/channels</c>, understood and checked (CONTRACT.md §7). Text from outside only ever becomes a query parameter.</summary>
public sealed record ReportRequest
{
    private const int TextCharsMax = 200;
    private static readonly string[] Filters = ["channel", "source", "campaign", "segment", "device", "country"];
    private static readonly string[] Known =
        ["site", "from", "to", "timezone", "interval", "compare", "model", "by", "date", "format", .. Filters];

    public required Site Site { get; init; }
    public required ReportPeriod Period { get; init; }
    /// <summary>day, week, month; null: one row per name.</summary>
    public string? Interval { get; init; }
    public bool Compare { get; init; }
    public AttributionModel Model { get; init; } = AttributionModel.LastNonDirect;
    /// <summary>channel, source, campaign.</summary>
    public string By { get; init; } = "channel";
    /// <summary>Conversions count on the date of the person's first touch.</summary>
    public bool ByAcquisition { get; init; }
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    /// <exception cref="ReportMistake">A parameter is unknown, given twice, or out of its range.</exception>
    public static ReportRequest Read(IQueryCollection query, SettingsSnapshot settings, DateTimeOffset now, ReportsOptions options)
    {
        foreach (var (name, values) in query)
        {
            if (!Known.Contains(name, StringComparer.Ordinal)) throw new ReportMistake(name, $"'{name}' is no parameter of this report; allowed are {string.Join(", ", Known)}.");
            if (values.Count > 1) throw new ReportMistake(name, $"'{name}' is given {values.Count} times; once is allowed.");
        }
        string? Text(string name) => query.TryGetValue(name, out var value) && value.ToString().Length > 0 ? value.ToString() : null;
        var site = SiteOf(Text("site"), settings);
        var period = PeriodOf(Text("from"), Text("to"), ZoneOf(Text("timezone") ?? site.TimeZone), now, options);
        return new ReportRequest
        {
            Site = site, Period = period,
            Interval = Choice("interval", Text("interval"), null, "day", "week", "month"),
            Compare = Choice("compare", Text("compare"), null, "previous") is not null,
            Model = ModelOf(Text("model")),
            By = Choice("by", Text("by"), "channel", "channel", "source", "campaign")!,
            ByAcquisition = Choice("date", Text("date"), "conversion", "conversion", "acquisition") == "acquisition",
            Where = WhereOf(Text),
        };
    }

    public static Site SiteOf(string? name, SettingsSnapshot settings)
    {
        if (name is null)
            return settings.Sites.Count == 1 ? settings.Sites.Values[0]
                : throw new ReportMistake("site", $"'site' is needed, because there are {settings.Sites.Count} sites: {string.Join(", ", settings.Sites.Keys.Take(20))}.");
        return settings.SitesByName.TryGetValue(name, out var site) ? site : throw new ReportMistake("site", "'site' names no site of this installation.");
    }

    private static Dictionary<string, string> WhereOf(Func<string, string?> text)
    {
        var where = new Dictionary<string, string>();
        foreach (var filter in Filters)
        {
            if (text(filter) is not { } value) continue;
            if (value.Length > TextCharsMax) throw new ReportMistake(filter, $"'{filter}' has {value.Length} characters; at most {TextCharsMax} are allowed.");
            where[filter] = value;
        }
        return where;
    }

    private static string? Choice(string name, string? value, string? otherwise, params string[] allowed) =>
        value is null ? otherwise : allowed.Contains(value, StringComparer.Ordinal) ? value
            : throw new ReportMistake(name, $"'{name}' allows {string.Join(", ", allowed)}.");

    private static AttributionModel ModelOf(string? name) =>
        name is null ? AttributionModel.LastNonDirect : ModelNames.TryParse(name, out var model) ? model
            : throw new ReportMistake("model", $"'model' allows {string.Join(", ", ModelNames.All.Select(ModelNames.Of))}.");

    private static TimeZoneInfo ZoneOf(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && name.Length < 64 ? zone
        : throw new ReportMistake("timezone", "'timezone' is no IANA time zone such as Europe/Berlin or UTC.");

    private static ReportPeriod PeriodOf(string? from, string? to, TimeZoneInfo zone, DateTimeOffset now, ReportsOptions options)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var last = DateOf("to", to) ?? today;
        var first = DateOf("from", from) ?? last.AddDays(-29);
        if (first > last) throw new ReportMistake("from", $"'from' ({first:yyyy-MM-dd}) is after 'to' ({last:yyyy-MM-dd}).");
        if (first.Year < 1970 || last.Year > 2100) throw new ReportMistake("from", "dates from 1970-01-01 to 2100-12-31 are allowed.");
        var days = last.DayNumber - first.DayNumber + 1;
        return days <= options.DaysMax ? new ReportPeriod(first, last, zone)
            : throw new ReportMistake("from", $"The period has {days} days; at most {options.DaysMax} are allowed (setting ClosedLoop:Reports:DaysMax).");
    }

    private static DateOnly? DateOf(string name, string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new ReportMistake(name, $"'{name}' is no date of the form 2026-11-21.");
}
