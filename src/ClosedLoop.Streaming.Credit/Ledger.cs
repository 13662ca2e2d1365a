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
        foreach (var row in posted)
            if (!Holds(row, now)) into.Add(row.Reversed());
        foreach (var row in now)
            if (!Holds(row, posted)) into.Add(row);
    }

    private static bool Holds(in CreditRow row, ReadOnlySpan<CreditRow> rows)
    {
        foreach (var other in rows)
            if (other.Model == row.Model && other.Touch == row.Touch) return other.Amount == row.Amount && other.Share == row.Share;
        return false;
    }
}
