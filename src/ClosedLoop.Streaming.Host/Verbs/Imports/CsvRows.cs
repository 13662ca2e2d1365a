using System.Text;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>A row of a table: its first line in the file, its text as it stands there, and its cells.</summary>
/// <param name="IsBroken">A quote is never closed, or something follows a closing one.</param>
internal sealed record CsvRow(long Line, string Text, IReadOnlyList<string> Cells, bool IsBroken);

/// <summary>
/// Reads CSV as RFC 4180 has it, plain or gzip: quotes may hold separators, doubled quotes and line ends. The separator is the comma, or the
/// semicolon where the first line has no comma, as spreadsheets of many countries write.
/// </summary>
internal static class CsvRows
{
    /// <summary>Lines that one quoted cell may span; a quote that is never closed must not swallow the file.</summary>
    public const int LinesOfRowMax = 200;

    public static IEnumerable<CsvRow> Read(IEnumerable<string> lines)
    {
        char separator = '\0';
        var (number, first) = (0L, 0L);
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            number++;
            if (separator == '\0') separator = line.Contains(',', StringComparison.Ordinal) || !line.Contains(';', StringComparison.Ordinal) ? ',' : ';';
            if (text.Length == 0) first = number;
            else text.Append('\n');
            text.Append(line);
            if (IsOpen(text) && number - first + 1 < LinesOfRowMax) continue;
            yield return Row(first, text.ToString(), separator);
            text.Clear();
        }
        if (text.Length > 0) yield return Row(first, text.ToString(), separator);
    }

    private static bool IsOpen(StringBuilder text)
    {
        var quotes = 0;
        foreach (var chunk in text.GetChunks())
            foreach (var c in chunk.Span)
                if (c == '"') quotes++;
        return quotes % 2 == 1;
    }

    private static CsvRow Row(long line, string text, char separator)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var (quoted, closed, broken) = (false, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[i++]);
                else (quoted, closed) = (false, true);
            }
            else if (c == separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
                closed = false;
            }
            else if (c == '"' && cell.ToString().Trim().Length == 0 && !closed)
            {
                cell.Clear();
                quoted = true;
            }
            else
            {
                broken |= closed && c is not (' ' or '\t');
                cell.Append(c);
            }
        }
        cells.Add(cell.ToString());
        return new CsvRow(line, text, [.. cells.Select(x => x.Trim())], broken || quoted);
    }
}
