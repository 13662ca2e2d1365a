namespace ClosedLoop.Streaming.Segments;

/// <summary>Finds the known word that somebody probably meant.</summary>
internal static class Nearest
{
    private const int WordCharsMax = 64;

    /// <summary>" (did you mean `x`?)", or nothing when no word is near.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Of(word, known) is { } near ? $" (did you mean `{near}`?)" : "";

    public static string? Of(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > WordCharsMax) return null;
        string? best = null;
        // A third of the letters may be wrong: enough for a slip, not enough for another word.
        var bestDistance = Math.Max(1, word.Length / 3) + 1;
        var lower = word.ToLowerInvariant();
        foreach (var candidate in known)
        {
            var distance = Distance(lower, candidate);
            if (distance >= bestDistance) continue;
            (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) least = Math.Min(least, rows[i - 2, j - 2] + 1);
                rows[i, j] = least;
            }
        return rows[a.Length, b.Length];
    }
}
