using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Port;

/// <summary>
/// Cuts SQL into tokens the way ClickHouse's lexer does: strings with backslash or doubled quotes, quoted names, heredocs, line comments
/// (--, #, //), nested block comments. What it can't cut (an open string, a stray character) is a refusal, never a guess.
/// </summary>
internal sealed class SqlScanner(string sql)
{
    public const int TokensMax = 20_000;

    private readonly List<SqlToken> _tokens = [];
    private int _at;

    /// <summary>All tokens; throws <see cref="PortRefusal"/> when the text can't be cut.</summary>
    public static IReadOnlyList<SqlToken> Scan(string sql)
    {
        var scanner = new SqlScanner(sql);
        scanner.Run();
        return scanner._tokens;
    }

    private void Run()
    {
        while (_at < sql.Length)
        {
            if (_tokens.Count >= TokensMax) throw Bad($"more than {TokensMax} tokens");
            var c = sql[_at];
            if (IsSpace(c)) _at++;
            else if (SkipComment()) continue;
            else if (c is '\'' or '’' or '‘') Quoted(c, SqlTokenKind.String);
            else if (c is '`' or '"' or '“' or '”') Quoted(c, SqlTokenKind.QuotedName);
            else if (c == '$' && TryHeredoc()) continue;
            else if (char.IsAsciiLetter(c) || c == '_') Word();
            else if (char.IsAsciiDigit(c)) Number();
            else if ("()[]{},;.*+-/%=<>!?:@|^&~$\\".Contains(c, StringComparison.Ordinal)) Add(SqlTokenKind.Sign, c.ToString(), _at++);
            else throw Bad($"an unexpected character U+{(int)c:X4}");
        }
    }

    // Everything that the engine or Unicode could call space separates; a zero byte ends the text in some of the engine's readers.
    private static bool IsSpace(char c) => c == '\0' ? throw Bad("a zero byte") : char.IsWhiteSpace(c) || c is '\u200B' or '\u2060' or '\uFEFF' or '\u180E';

    private bool SkipComment()
    {
        if (Here("--") || Here("//") || Here("#!") || Here("# "))
        {
            while (_at < sql.Length && sql[_at] != '\n') _at++;
            return true;
        }
        if (!Here("/*")) return false;
        var depth = 0;
        do
        {
            if (Here("/*")) { depth++; _at += 2; }
            else if (Here("*/")) { depth--; _at += 2; }
            else _at++;
        }
        while (depth > 0 && _at < sql.Length);
        return depth == 0 ? true : throw Bad("an open comment");
    }

    private void Quoted(char quote, SqlTokenKind kind)
    {
        if (quote is not ('\'' or '`' or '"')) throw Bad("typographic quotes");
        var start = _at++;
        var text = new StringBuilder();
        while (_at < sql.Length)
        {
            var c = sql[_at++];
            if (c == '\\' && _at < sql.Length) Escape(text);
            else if (c != quote) text.Append(c);
            else if (_at < sql.Length && sql[_at] == quote) text.Append(sql[_at++]);
            else
            {
                Add(kind, text.ToString(), start);
                return;
            }
        }
        throw Bad("an open quote");
    }

    private void Escape(StringBuilder text)
    {
        var c = sql[_at++];
        if (c != 'x' || _at + 2 > sql.Length || !byte.TryParse(sql.AsSpan(_at, 2), System.Globalization.NumberStyles.HexNumber,
            System.Globalization.CultureInfo.InvariantCulture, out var code))
        {
            text.Append(c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', 'b' => '\b', 'f' => '\f', 'a' => '\a', 'v' => '\v', _ => c });
            return;
        }
        text.Append((char)code);
        _at += 2;
    }

    private bool TryHeredoc()
    {
        var end = _at + 1;
        while (end < sql.Length && (char.IsAsciiLetterOrDigit(sql[end]) || sql[end] == '_')) end++;
        if (end >= sql.Length || sql[end] != '$') return false;
        var tag = sql[_at..(end + 1)];
        var close = sql.IndexOf(tag, end + 1, StringComparison.Ordinal);
        if (close < 0) throw Bad("an open heredoc");
        Add(SqlTokenKind.String, sql[(end + 1)..close], _at);
        _at = close + tag.Length;
        return true;
    }

    private void Word()
    {
        var start = _at;
        while (_at < sql.Length && (char.IsAsciiLetterOrDigit(sql[_at]) || sql[_at] is '_' or '$')) _at++;
        Add(SqlTokenKind.Word, sql[start.._at], start);
    }

    private void Number()
    {
        var start = _at;
        while (_at < sql.Length && (char.IsAsciiLetterOrDigit(sql[_at]) || sql[_at] is '_')) _at++;
        Add(SqlTokenKind.Number, sql[start.._at], start);
    }

    private void Add(SqlTokenKind kind, string text, int start) => _tokens.Add(new SqlToken(kind, text, start));

    private bool Here(string text) => string.CompareOrdinal(sql, _at, text, 0, text.Length) == 0;

    private static PortRefusal Bad(string what) => new(62, "SYNTAX_ERROR", $"The query has {what}");
}
