using System.Globalization;

namespace ClosedLoop.Streaming.Reports;

/// <summary>One cell of a CSV file (RFC 4180), neutralised: what a spreadsheet would take for a formula gets an apostrophe before it.</summary>
internal static class CsvCell
{
    public static string Of(object? value) => value is string text ? Quoted(Neutral(text)) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Neutral(string text) =>
        text.Length > 0 && ("=+-@\t\r\n".Contains(text[0], StringComparison.Ordinal) || text[0] is '＝' or '＋' or '－' or '＠') ? "'" + text : text;

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
