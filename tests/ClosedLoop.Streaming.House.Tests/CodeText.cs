namespace ClosedLoop.Streaming.House.Tests;

/// <summary>
/// Source text with the contents of comments, strings and characters turned into spaces. Length and line
/// breaks stay, so positions in the result are positions in the source, and every brace left is a real one.
/// </summary>
internal static class CodeText
{
    public static string Of(string source)
    {
        var text = source.ToCharArray();
        for (var at = 0; at < text.Length;)
        {
            var end = LiteralEnd(source, at);
            if (end == at) { at++; continue; }
            for (var i = at; i < end; i++)
                if (text[i] is not ('\n' or '\r')) text[i] = ' ';
            at = end;
        }
        return new string(text);
    }

    /// <summary>Where the comment or literal that starts at <paramref name="at"/> ends; <paramref name="at"/> itself when none does.</summary>
    private static int LiteralEnd(string s, int at)
    {
        if (Starts(s, at, "//")) return EndOr(s, s.IndexOf('\n', at));
        if (Starts(s, at, "/*")) return After(s, "*/", at + 2);
        if (s[at] == '\'') return Quoted(s, at + 1, '\'');
        var (start, holes, verbatim) = Prefix(s, at);
        if (start >= s.Length || s[start] != '"') return at;
        var quotes = Run(s, start, '"');
        if (quotes >= 3) return After(s, new string('"', quotes), start + quotes);
        if (verbatim) return holes ? Interpolated(s, start + 1, true) : Verbatim(s, start + 1);
        return holes ? Interpolated(s, start + 1, false) : Quoted(s, start + 1, '"');
    }

    private static (int Start, bool Holes, bool Verbatim) Prefix(string s, int at)
    {
        var (holes, verbatim) = (false, false);
        for (; at < s.Length && s[at] is '$' or '@'; at++)
            if (s[at] == '$') holes = true; else verbatim = true;
        return (at, holes, verbatim);
    }

    private static int Quoted(string s, int at, char quote)
    {
        // A line break ends it too: a lone quote (in #region text, say) must not swallow the file.
        for (; at < s.Length && s[at] != quote && s[at] != '\n'; at++)
            if (s[at] == '\\') at++;
        return Math.Min(at + 1, s.Length);
    }

    private static int Verbatim(string s, int at)
    {
        for (; at < s.Length; at++)
        {
            if (s[at] != '"') continue;
            if (Run(s, at, '"') < 2) return at + 1;
            at++;
        }
        return s.Length;
    }

    private static int Interpolated(string s, int at, bool verbatim)
    {
        for (var depth = 0; at < s.Length; at++)
        {
            if (depth > 0 && LiteralEnd(s, at) is var end && end > at) at = end - 1;
            else if (depth == 0 && s[at] == '"')
            {
                if (!verbatim || Run(s, at, '"') < 2) return at + 1;
                at++;
            }
            else if (depth == 0 && !verbatim && s[at] == '\\') at++;
            else if (depth == 0 && (Starts(s, at, "{{") || Starts(s, at, "}}"))) at++;
            else if (s[at] == '{') depth++;
            else if (s[at] == '}' && depth > 0) depth--;
        }
        return s.Length;
    }

    private static bool Starts(string s, int at, string what) => string.CompareOrdinal(s, at, what, 0, what.Length) == 0;

    private static int Run(string s, int at, char c)
    {
        var end = at;
        while (end < s.Length && s[end] == c) end++;
        return end - at;
    }

    private static int After(string s, string what, int from) =>
        from >= s.Length ? s.Length : s.IndexOf(what, from, StringComparison.Ordinal) is var found && found < 0 ? s.Length : found + what.Length;

    private static int EndOr(string s, int found) => found < 0 ? s.Length : found;
}
