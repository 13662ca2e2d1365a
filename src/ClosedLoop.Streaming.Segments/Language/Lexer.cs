using System.Globalization;
using System.Text;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Cuts a rule into tokens, one at a time.</summary>
internal sealed class Lexer(string rule)
{
    private int _at;

    public Token Next()
    {
        while (_at < rule.Length && rule[_at] is ' ' or '\t' or '\r' or '\n') _at++;
        if (_at == rule.Length) return new Token(TokenKind.End, _at, 0, "");
        var c = rule[_at];
        if (char.IsAsciiLetter(c) || c == '_') return Name();
        if (char.IsAsciiDigit(c) || c == '-') return Number();
        return c == '"' ? Text() : Symbol(c);
    }

    private Token Name()
    {
        var start = _at;
        while (_at < rule.Length && (char.IsAsciiLetterOrDigit(rule[_at]) || rule[_at] == '_')) _at++;
        return new Token(TokenKind.Name, start, _at - start, rule[start.._at]);
    }

    private Token Number()
    {
        var start = _at;
        if (rule[_at] == '-') _at++;
        var digits = Digits();
        if (digits == 0) throw new MistakeException(start, "`-` stands only before a number, and there is no arithmetic in rules");
        if (_at < rule.Length && rule[_at] == '.')
        {
            _at++;
            var decimals = Digits();
            if (decimals == 0) throw new MistakeException(_at - 1, "a digit must follow the decimal point");
            digits += decimals;
        }
        if (digits > RuleLimits.DigitsMax)
            throw new MistakeException(start, $"the number has {digits} digits; at most {RuleLimits.DigitsMax} are allowed");
        if (_at < rule.Length && (char.IsAsciiLetter(rule[_at]) || rule[_at] == '_')) return Window(start);
        var text = rule[start.._at];
        return new Token(TokenKind.Number, start, text.Length, text, decimal.Parse(text, CultureInfo.InvariantCulture));
    }

    private int Digits()
    {
        var start = _at;
        while (_at < rule.Length && char.IsAsciiDigit(rule[_at])) _at++;
        return _at - start;
    }

    private Token Window(int start)
    {
        var unitAt = _at;
        while (_at < rule.Length && (char.IsAsciiLetterOrDigit(rule[_at]) || rule[_at] == '_')) _at++;
        var unit = rule[unitAt.._at];
        long unitMs = unit switch { "s" => 1_000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, "w" => 604_800_000, _ => 0 };
        if (unitMs == 0) throw new MistakeException(unitAt, $"`{unit}` is no unit of time; allowed are s, m, h, d, w, for example 7d");
        if (!long.TryParse(rule.AsSpan(start, unitAt - start), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            throw new MistakeException(start, "a window is a whole number with a unit, for example 7d");
        // The comparison divides, so that a huge amount cannot overflow into an allowed one.
        if (amount > RuleLimits.WindowMsMax / unitMs || amount * unitMs < RuleLimits.WindowMsMin)
            throw new MistakeException(start, $"the window {rule[start.._at]} is out of range; allowed are 1s to 366d");
        return new Token(TokenKind.Window, start, _at - start, rule[start.._at], 0, amount * unitMs);
    }

    private Token Text()
    {
        var start = _at++;
        var text = new StringBuilder();
        while (true)
        {
            if (_at == rule.Length) throw new MistakeException(start, "the text that starts here has no closing quote \"");
            var c = rule[_at++];
            if (c == '"') break;
            if (c == '\\')
            {
                if (_at == rule.Length || rule[_at] is not ('"' or '\\'))
                    throw new MistakeException(_at - 1, "after \\ in a text only \" or \\ is allowed");
                c = rule[_at++];
            }
            else if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || _at == rule.Length || !char.IsLowSurrogate(rule[_at]))
                    throw new MistakeException(_at - 1, "half of a surrogate pair: the text is no valid Unicode");
                text.Append(c);
                c = rule[_at++];
            }
            text.Append(c);
        }
        return new Token(TokenKind.Text, start, _at - start, text.ToString());
    }

    private Token Symbol(char c)
    {
        var start = _at;
        var next = start + 1 < rule.Length ? rule[start + 1] : '\0';
        var (kind, length) = (c, next) switch
        {
            ('<', '>') => throw new MistakeException(start, "`<>` is no operator; write != for \"is not\""),
            ('=', '=') => throw new MistakeException(start, "`==` is no operator; write = for \"is\""),
            ('<', '=') => (TokenKind.AtMost, 2),
            ('>', '=') => (TokenKind.AtLeast, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.More, 1),
            ('=', _) => (TokenKind.Equal, 1),
            ('(', _) => (TokenKind.Open, 1),
            (')', _) => (TokenKind.Close, 1),
            (',', _) => (TokenKind.Comma, 1),
            _ => throw new MistakeException(start, Unexpected(c)),
        };
        _at += length;
        return new Token(kind, start, length, rule.Substring(start, length));
    }

    private static string Unexpected(char c) => c switch
    {
        '\'' => "text stands in double quotes \"…\", not in single ones",
        '\u201C' or '\u201D' or '\u201E' => "text stands in straight double quotes \"…\", not in curly ones",
        '&' => "`&` is no operator; write and",
        '|' => "`|` is no operator; write or",
        '!' => "`!` is no operator; write not, or != for \"is not\"",
        '+' or '*' or '/' or '%' => $"`{c}`: there is no arithmetic in rules",
        '.' => "a number starts with a digit, for example 0.5",
        _ => char.IsControl(c) || char.IsSurrogate(c)
            ? string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)c:X4} is not allowed here")
            : $"the character `{c}` is not allowed here; rules have names, numbers, \"text\", = != < <= > >= ( ) and ,",
    };
}
