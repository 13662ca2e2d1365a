using System.Globalization;

namespace ClosedLoop.Streaming.Reports;

/// <summary>Days in a time zone, both ends included, and the moments (UTC) that bound them: from inclusive, until exclusive.</summary>
public sealed record ReportPeriod(DateOnly From, DateOnly To, TimeZoneInfo Zone)
{
    public DateTime FromUtc => Utc(From);

    public DateTime UntilUtc => Utc(To.AddDays(1));

    /// <summary>Number of days.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>As many days, ending the day before.</summary>
    public ReportPeriod Previous => new(From.AddDays(-Days), From.AddDays(-1), Zone);

    public IReadOnlyDictionary<string, string> Parameters => new Dictionary<string, string>
    {
        ["from"] = Text(FromUtc), ["until"] = Text(UntilUtc), ["zone"] = Zone.Id, ["from_date"] = Text(From), ["to_date"] = Text(To),
    };

    /// <summary>A moment as the warehouse's parameters are written.</summary>
    internal static string Text(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    internal static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // A midnight that a clock change skips begins with the first moment after it.
    private DateTime Utc(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (Zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(30);
        return TimeZoneInfo.ConvertTimeToUtc(midnight, Zone);
    }
}
