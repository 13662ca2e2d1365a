namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>A table with named columns; rows that don't fit its head are marked, not lost.</summary>
internal sealed class CsvTable
{
    public const int ColumnsMax = 200;

    private readonly IEnumerator<CsvRow> _rows;

    private CsvTable(IEnumerator<CsvRow> rows, IReadOnlyList<string> columns) => (_rows, Columns) = (rows, columns);

    /// <summary>Lower case.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <param name="needed">Columns without which no row could be taken.</param>
    /// <exception cref="VerbException">The first line doesn't name the columns.</exception>
    public static CsvTable Open(string file, IReadOnlyList<string> needed)
    {
        var rows = CsvRows.Read(LineSource.Read(file)).GetEnumerator();
        if (!rows.MoveNext()) throw new VerbException($"{file} is empty; its first line names the columns, such as {string.Join(',', needed)}.");
        var columns = rows.Current.Cells.Select(c => c.ToLowerInvariant()).ToList();
        if (rows.Current.IsBroken || columns.Count > ColumnsMax) throw new VerbException($"{file}, line 1: the names of the columns cannot be read; they are separated by commas, at most {ColumnsMax}.");
        var missing = needed.Where(n => !columns.Contains(n)).ToList();
        if (missing.Count > 0) throw new VerbException($"{file}, line 1: {string.Join(", ", missing)} is missing among the columns ({Short(string.Join(',', columns))}); the names are those of the API.");
        if (columns.GroupBy(c => c, StringComparer.Ordinal).FirstOrDefault(g => g.Key.Length > 0 && g.Count() > 1) is { } twice)
            throw new VerbException($"{file}, line 1: the column {Short(twice.Key)} stands there twice.");
        return new CsvTable(rows, columns);
    }

    /// <summary>The rows behind the head.</summary>
    public IEnumerable<CsvRow> Rows()
    {
        while (_rows.MoveNext()) yield return _rows.Current;
        _rows.Dispose();
    }

    /// <summary>Why a row is none of this table; null when it is.</summary>
    public string? Mistake(CsvRow row) => row.IsBroken ? "a quote is not closed, or something follows a closing one"
        : row.Cells.Count != Columns.Count ? $"it has {row.Cells.Count} cells, and the first line names {Columns.Count}" : null;

    /// <summary>Names and cells that hold something.</summary>
    public IEnumerable<(string Column, string Cell)> Cells(CsvRow row)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (row.Cells[i].Length > 0 && Columns[i].Length > 0) yield return (Columns[i], row.Cells[i]);
    }

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
