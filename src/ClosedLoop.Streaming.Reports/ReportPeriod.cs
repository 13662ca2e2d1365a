using System.Globalization;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Days in a time zone, both ends included, and the moments (UTC) that bound them: from inclusive, until exclusive.</summary>
public sealed record ReportPeriod(DateOnly From, DateOnly To, TimeZoneInfo Zone)
{
    public DateTime FromUtc => Utc(From);

    public DateTime UntilUtc => Utc(To.AddDays(1));

    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>As many days, ending the day before.</summary>
    public ReportPeriod Previous => new(From.AddDays(-Days), From.AddDays(-1), Zone);

    public IReadOnlyDictionary<string, string> Parameters => new Dictionary<string, string>
    {
        ["from"] = Text(FromUtc), ["until"] = Text(UntilUtc), ["zone"] = Zone.Id,
    };

    private static string Text(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    // A midnight that a clock change skips begins with the first moment after it.
    private DateTime Utc(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(30);
        return TimeZoneInfo.ConvertTimeToUtc(midnight, Zone);
    }
}
