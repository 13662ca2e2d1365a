using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.House.Tests;

/// <summary>Something with a body: a method, constructor, property or operator, or a file's top-level statements.</summary>
internal sealed record Member(string Name, int FirstLine, int Lines);

/// <summary>
/// Finds members and their lengths by braces. It knows types, namespaces and bodies; tables of data
/// (an initializer without a lambda's body) are no methods and are left out.
/// </summary>
internal sealed partial class Members
{
    private readonly string _code;
    private readonly List<Member> _found = [];
    private readonly List<(int From, int To)> _statements = [];
    private int _at;

    private Members(string source) => _code = CodeText.Of(source).Replace("\r", " ", StringComparison.Ordinal);

    public static IReadOnlyList<Member> Of(string source)
    {
        var reader = new Members(source);
        reader.ReadScope(insideType: false);
        if (reader._statements is { Count: > 0 } all)
            reader._found.Add(reader.Measure("top-level statements", all[0].From, all[^1].To));
        return reader._found;
    }

    [GeneratedRegex(@"^(\w+\s+)*?(class|struct|interface|enum|record|extension)\b")]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"^(global\s+using|using|extern|namespace)\b(?!\s*(\(|var\b|await\b))")]
    private static partial Regex FileHead();

    [GeneratedRegex(@"=>\s*\{")]
    private static partial Regex Lambda();

    private void ReadScope(bool insideType)
    {
        while (SkipSpace() && _code[_at] != '}')
        {
            var start = _at;
            ReadDeclaration(insideType, start);
            if (_at == start) _at++;
        }
        _at++;
    }

    private void ReadDeclaration(bool insideType, int start)
    {
        var stop = FindAny(";{", start);
        var head = WithoutAttributes(_code[start..stop]);
        // A test's rows stand in attributes: data, too, and not part of its length.
        start = stop - head.Length;
        var opens = stop < _code.Length && _code[stop] == '{';
        if (TypeHead().Match(head) is { Success: true } type)
        {
            _at = stop + 1;
            if (opens && type.Groups[2].Value == "enum") _at = Closing(stop) + 1;
            else if (opens) ReadScope(insideType: true);
        }
        else if (!insideType && FileHead().IsMatch(head))
        {
            _at = stop + 1;
            if (opens) ReadScope(insideType: false);
        }
        else ReadMember(insideType, start, head);
    }

    private void ReadMember(bool insideType, int start, string head)
    {
        var isData = Assignment(head);
        var isExpression = head.Contains("=>", StringComparison.Ordinal);
        var end = FindAny(";{", start);
        while (end < _code.Length && _code[end] == '{')
        {
            var closing = Closing(end);
            _at = closing + 1;
            isData |= !isExpression && SkipSpace() && _code[_at] == '=';
            var goesOn = isData || isExpression;
            end = goesOn ? FindAny(";{", closing + 1) : closing;
        }
        _at = Math.Min(end + 1, _code.Length);
        if (!insideType) _statements.Add((start, _at));
        else if (!isData || Lambda().IsMatch(_code[start.._at])) _found.Add(Measure(NameIn(head), start, _at));
    }

    private Member Measure(string name, int from, int to) =>
        new(name, _code.AsSpan(0, from).Count('\n') + 1, _code.AsSpan(from, to - from).Count('\n') + 1);

    private bool SkipSpace()
    {
        while (_at < _code.Length && (char.IsWhiteSpace(_code[_at]) || _code[_at] == '#'))
            _at = _code[_at] == '#' ? LineEnd(_at) : _at + 1;
        return _at < _code.Length;
    }

    private int LineEnd(int at) => _code.IndexOf('\n', at) is var end && end < 0 ? _code.Length : end;

    /// <summary>The next of <paramref name="wanted"/> outside brackets, or the end of the text.</summary>
    private int FindAny(string wanted, int from)
    {
        var depth = 0;
        for (var i = from; i < _code.Length; i++)
        {
            if (depth == 0 && wanted.Contains(_code[i])) return i;
            if (_code[i] is '(' or '[' || (depth > 0 && _code[i] == '{')) depth++;
            else if (_code[i] is ')' or ']' || (depth > 0 && _code[i] == '}')) depth--;
        }
        return _code.Length;
    }

    private int Closing(int open)
    {
        var depth = 0;
        for (var i = open; i < _code.Length; i++)
        {
            if (_code[i] == '{') depth++;
            else if (_code[i] == '}' && --depth == 0) return i;
        }
        return _code.Length - 1;
    }

    private static string WithoutAttributes(string head)
    {
        for (head = head.TrimStart(); head.StartsWith('['); head = head.TrimStart())
        {
            var (depth, i) = (0, 0);
            do depth += head[i] == '[' ? 1 : head[i] == ']' ? -1 : 0; while (++i < head.Length && depth > 0);
            head = head[i..];
        }
        return head;
    }

    /// <summary>An equals sign outside brackets that comes before any arrow: a field with its value.</summary>
    private static bool Assignment(string head)
    {
        var depth = 0;
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] is '(' or '[') depth++;
            else if (head[i] is ')' or ']') depth--;
            else if (depth == 0 && head[i] == '=') return !head.AsSpan(i).StartsWith("=>") && !head.Contains("operator", StringComparison.Ordinal);
        }
        return false;
    }

    private static string NameIn(string head)
    {
        var end = head.IndexOfAny(['(', '{', '=']);
        return (end < 0 ? head : head[..end]).Trim().Split(' ', '\n')[^1];
    }
}
