using System.Globalization;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What a field may hold; each method returns the value or leaves with a refusal that names field and limit.</summary>
internal static class Checks
{
    /// <summary>1–64 of A-Z a-z 0-9 and the given marks.</summary>
    public static string Name(string field, string? value, string marks = "_.-")
    {
        if (value is { Length: > 0 and <= 64 } && value.All(c => char.IsAsciiLetterOrDigit(c) || marks.Contains(c))) return value;
        throw ApiException.Field(field, $"must be 1 to 64 characters of A-Z a-z 0-9 {string.Join(' ', marks.ToCharArray())}.");
    }

    /// <summary>Null or empty stays null; no control characters.</summary>
    public static string? Text(string field, string? value, int charactersMax)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        if (text.Length > charactersMax || text.Any(char.IsControl)) throw ApiException.Field(field, $"must be at most {charactersMax} characters without control characters.");
        return text;
    }

    public static int Whole(string field, int value, int least, int most, string unit) =>
        value >= least && value <= most ? value : throw ApiException.Field(field, $"must be {least} to {most} {unit}.");

    public static IReadOnlyList<string> List(string field, IReadOnlyList<string>? values, int countMax, Func<string, string, string> each)
    {
        if (values is null) return [];
        if (values.Count > countMax) throw ApiException.Field(field, $"has {values.Count} entries; at most {countMax} are allowed.");
        if (values.Any(v => v is null)) throw ApiException.Field(field, "must be a list of texts.");
        return [.. values.Select((value, i) => each($"{field}[{i}]", value)).Distinct(StringComparer.Ordinal)];
    }

    public static string OneOf(string field, string? value, params ReadOnlySpan<string> allowed) =>
        value is not null && allowed.Contains(value) ? value : throw ApiException.Field(field, $"must be one of {string.Join(", ", allowed.ToArray())}.");

    /// <summary>A number of the query.</summary>
    public static int Limit(string field, string? value, int otherwise, int most)
    {
        if (string.IsNullOrEmpty(value)) return otherwise;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number : throw ApiException.Field(field, $"must be 1 to {most}.");
    }

    /// <summary>A site by id or alias.</summary>
    public static Site Site(SettingsSnapshot settings, string name) =>
        settings.SitesByName.TryGetValue(name, out var site) ? site
            : throw new ApiException(ApiRefusal.UnknownSite, $"There is no site '{JsonText.Short(name)}'.");
}
