using System.Globalization;
using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters of <c>/v1/reports/channels</c>, understood and checked (CONTRACT.md §7).</summary>
public sealed record ChannelsRequest
{
    /// <summary>Models that one answer can show side by side.</summary>
    public const int ModelsMax = 2;

    private const string Otherwise = "last_non_direct";
    private static readonly string[] Own = ["interval", "compare", "model", "by", "date", "as_known_on"];

    public required ReportScope Scope { get; init; }
    /// <summary>day, week, month; null: one row per name.</summary>
    public string? Interval { get; init; }
    public bool Compare { get; init; }
    /// <summary>One or two names of <see cref="AllModels"/>; the figures of the second stand behind, under names of their own.</summary>
    public IReadOnlyList<string> Models { get; init; } = [Otherwise];
    /// <summary>channel, source, campaign.</summary>
    public string By { get; init; } = "channel";
    /// <summary>Conversions count on the date of the person's first touch.</summary>
    public bool ByAcquisition { get; init; }
    /// <summary>Nothing that became known after this day counts; null: all that is known.</summary>
    public DateOnly? AsKnownOn { get; init; }

    /// <summary>Models by touches, posted when something happens, and models over all paths, posted by runs.</summary>
    public static IReadOnlyList<string> AllModels { get; } = [.. ModelNames.All.Select(ModelNames.Of).Concat(RunModels).Distinct()];

    /// <summary>Models that need all paths of a period.</summary>
    public static IReadOnlyList<string> RunModels => ["markov", "shapley"];

    /// <summary>The first moment that is not known yet, UTC; null: there is none.</summary>
    public DateTime? KnownUntilUtc => AsKnownOn is { } day ? new ReportPeriod(day, day, Scope.Period.Zone).UntilUtc : null;

    /// <exception cref="ReportMistake">A parameter is unknown, given twice, or out of its range.</exception>
    public static ChannelsRequest Read(IQueryCollection query, SettingsSnapshot settings, DateTimeOffset now, ReportsOptions options)
    {
        var parameters = new ReportParameters(query, [.. ReportScope.Known, .. Own]);
        var scope = ReportScope.Read(parameters, settings, now, options);
        _ = parameters.Choice("format", null, "json", "csv");
        return new ChannelsRequest
        {
            Scope = scope,
            Interval = parameters.Choice("interval", null, "day", "week", "month"),
            Compare = parameters.Choice("compare", null, "previous") is not null,
            Models = ModelsOf(parameters.Text("model")),
            By = parameters.Choice("by", "channel", "channel", "source", "campaign")!,
            ByAcquisition = parameters.Choice("date", "conversion", "conversion", "acquisition") == "acquisition",
            AsKnownOn = KnownOn(parameters.Date("as_known_on"), scope.Period.Zone, now),
        };
    }

    private static string[] ModelsOf(string? text)
    {
        if (text is null) return [Otherwise];
        var models = text.Split(',', StringSplitOptions.TrimEntries);
        if (models.Length > ModelsMax) throw new ReportMistake("model", $"'model' names {models.Length} models; at most {ModelsMax} stand side by side, separated by a comma.");
        if (models.Any(m => !AllModels.Contains(m, StringComparer.Ordinal)))
            throw new ReportMistake("model", $"'model' allows {string.Join(", ", AllModels)}, or two of them separated by a comma.");
        return models.Distinct().Count() == models.Length ? models : throw new ReportMistake("model", "'model' names the same model twice.");
    }

    private static DateOnly? KnownOn(DateOnly? day, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (day is not { } known) return null;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        if (known > today)
            throw new ReportMistake("as_known_on", string.Create(CultureInfo.InvariantCulture, $"'as_known_on' ({known:yyyy-MM-dd}) is not over yet: today is {today:yyyy-MM-dd}."));
        return known.Year >= 1970 ? known : throw new ReportMistake("as_known_on", "'as_known_on' allows dates from 1970-01-01.");
    }
}
