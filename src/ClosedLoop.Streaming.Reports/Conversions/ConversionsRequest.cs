using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The parameters of <c>/v1/reports/conversions</c>, understood and checked: conversions with the ad click that may have brought them.</summary>
public sealed record ConversionsRequest
{
    /// <summary>Days that a click may be older than its conversion; ad networks take none that are older.</summary>
    public const int ClickDaysMax = 90;

    public const string GoogleAds = "google_ads", GoogleAdjustments = "google_ads_adjustments", Generic = "generic";

    private static readonly string[] Kinds = ["lead", "mql", "sql", "customer", "order", "deal"];

    public required ReportScope Scope { get; init; }
    /// <summary>generic, google_ads, google_ads_adjustments as a file; csv and json are generic ones.</summary>
    public string Format { get; init; } = "json";
    /// <summary>Kinds of conversions.</summary>
    public required IReadOnlyList<string> Of { get; init; }
    /// <summary>Name of the conversion action in the ad account; null: the kind.</summary>
    public string? Name { get; init; }

    /// <summary>For an ad network: only what its clicks may have brought.</summary>
    public bool IsGoogle => Format is GoogleAds or GoogleAdjustments;

    /// <exception cref="ReportMistake">A parameter is unknown, given twice, or out of its range.</exception>
    public static ConversionsRequest Read(IQueryCollection query, SettingsSnapshot settings, DateTimeOffset now, ReportsOptions options)
    {
        var parameters = new ReportParameters(query, [.. ReportScope.Known, "kind", "name"]);
        var format = parameters.Choice("format", "json", GoogleAds, GoogleAdjustments, Generic, "csv", "json")!;
        return new ConversionsRequest
        {
            Scope = ReportScope.Read(parameters, settings, now, options), Format = format,
            Of = KindsOf(parameters.Text("kind"), format is GoogleAds or GoogleAdjustments ? ["order", "deal"] : Kinds),
            Name = parameters.Text("name"),
        };
    }

    private static string[] KindsOf(string? text, string[] otherwise)
    {
        if (text is null) return otherwise;
        var kinds = text.Split(',', StringSplitOptions.TrimEntries);
        return kinds.Length <= Kinds.Length && kinds.All(k => Kinds.Contains(k, StringComparer.Ordinal)) ? kinds
            : throw new ReportMistake("kind", $"'kind' allows {string.Join(", ", Kinds)}, or several of them separated by commas.");
    }
}
