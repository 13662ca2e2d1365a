using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Reports;

/// <summary>The query string of a report. Every mistake names its parameter and what is allowed; text from outside only ever becomes a value of the query.</summary>
public sealed class ReportParameters
{
    /// <summary>Characters of one value.</summary>
    public const int TextCharsMax = 200;

    private readonly IQueryCollection _query;

    /// <exception cref="ReportMistake">A parameter is unknown, given twice, or too long.</exception>
    public ReportParameters(IQueryCollection query, IReadOnlyList<string> known)
    {
        _query = query;
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                throw new ReportMistake(Shown(name), $"'{Shown(name)}' is no parameter of this report; allowed are {string.Join(", ", known)}.");
            if (values.Count > 1) throw new ReportMistake(name, $"'{name}' is given {values.Count} times; once is allowed.");
            var text = values.ToString();
            if (text.Length > TextCharsMax) throw new ReportMistake(name, $"'{name}' has {text.Length} characters; at most {TextCharsMax} are allowed.");
            if (text.Contains('\0', StringComparison.Ordinal)) throw new ReportMistake(name, $"'{name}' has a character with code 0; text is allowed.");
        }
    }

    /// <summary>Null when absent or empty.</summary>
    public string? Text(string name) => _query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public string? Choice(string name, string? otherwise, params string[] allowed) =>
        Text(name) is not { } value ? otherwise : allowed.Contains(value, StringComparer.Ordinal) ? value
            : throw new ReportMistake(name, $"'{name}' allows {string.Join(", ", allowed)}.");

    /// <param name="unit">What is counted, for the message.</param>
    public int Whole(string name, int otherwise, int min, int max, string unit) =>
        Text(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value
            : throw new ReportMistake(name, string.Create(CultureInfo.InvariantCulture, $"'{name}' allows {min} to {max} {unit}."));

    public DateOnly? Date(string name) => Text(name) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new ReportMistake(name, $"'{name}' is no date of the form 2026-11-21.");

    // The name itself comes from outside: a short, printable part of it is enough to find the mistake.
    private static string Shown(string name) => new([.. name.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
}
