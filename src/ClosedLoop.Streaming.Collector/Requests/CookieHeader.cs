using Microsoft.Extensions.Primitives;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Finds cookies of one name in the Cookie header, without building a dictionary.</summary>
internal ref struct CookieHeader(StringValues header, string name)
{
    private readonly StringValues _header = header;
    private int _line;
    private int _at;

    /// <summary>The value found by <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>A browser may send several cookies of one name (other paths, other domains): each is offered in turn.</summary>
    public bool MoveNext()
    {
        for (; _line < _header.Count; _line++, _at = 0)
        {
            var line = _header[_line].AsSpan();
            while (_at < line.Length)
            {
                var rest = line[_at..];
                var end = rest.IndexOf(';');
                var pair = (end < 0 ? rest : rest[..end]).Trim(' ');
                _at += end < 0 ? rest.Length : end + 1;
                if (pair.Length <= name.Length || pair[name.Length] != '=' || !pair.StartsWith(name, StringComparison.Ordinal)) continue;
                Current = pair[(name.Length + 1)..].Trim('"');
                return true;
            }
        }
        return false;
    }
}
