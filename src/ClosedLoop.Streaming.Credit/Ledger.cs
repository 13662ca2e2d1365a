namespace ClosedLoop.Streaming.Credit;

/// <summary>Rows are never changed, only taken back by rows of the other sign, so that every report can be "as known on" a date.</summary>
public static class Ledger
{
    /// <summary>Adds the reversal of every row, in the same order.</summary>
    public static void Reverse(ReadOnlySpan<CreditRow> rows, List<CreditRow> into)
    {
        foreach (var row in rows) into.Add(row.Reversed());
    }

    /// <summary>
    /// What to post so that a conversion credited as <paramref name="posted"/> stands as <paramref name="now"/>: reversals of the rows
    /// that no longer hold, then the rows that are new. Rows that are the same to the digit are left alone.
    /// Both lists are postings (sign 1) of one conversion with at most one row per model and touch.
    /// </summary>
    public static void Correct(ReadOnlySpan<CreditRow> posted, ReadOnlySpan<CreditRow> now, List<CreditRow> into)
    {
        var hint = 0;
        foreach (var row in posted)
            if (!Holds(row, now, ref hint)) into.Add(row.Reversed());
        hint = 0;
        foreach (var row in now)
            if (!Holds(row, posted, ref hint)) into.Add(row);
    }

    /// <param name="row">Looked for by model and touch.</param>
    /// <param name="rows">Where.</param>
    /// <param name="hint">Where to begin: both lists come from <see cref="Attribution"/> in one order, so the next row is mostly the next one.</param>
    private static bool Holds(in CreditRow row, ReadOnlySpan<CreditRow> rows, ref int hint)
    {
        for (var n = 0; n < rows.Length; n++)
        {
            var at = hint + n < rows.Length ? hint + n : hint + n - rows.Length;
            if (rows[at].Model != row.Model || rows[at].Touch != row.Touch) continue;
            hint = at + 1 == rows.Length ? 0 : at + 1;
            return rows[at].Amount == row.Amount && rows[at].Share == row.Share && rows[at].Profit == row.Profit;
        }
        return false;
    }
}
