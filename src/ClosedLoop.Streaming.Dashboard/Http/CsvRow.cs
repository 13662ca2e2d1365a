using System.Text;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Lines of RFC 4180 that a spreadsheet takes for text: a value that it would run as a formula gets an apostrophe before it.</summary>
internal static class CsvRow
{
    public static StringBuilder Append(StringBuilder to, params ReadOnlySpan<string?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) to.Append(',');
            Value(to, values[i] ?? "");
        }
        return to.Append("\r\n");
    }

    private static void Value(StringBuilder to, string value)
    {
        var isFormula = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n';
        if (!isFormula && value.AsSpan().IndexOfAny(",\"\r\n ") < 0)
        {
            to.Append(value);
            return;
        }
        to.Append('"');
        if (isFormula) to.Append('\'');
        to.Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
