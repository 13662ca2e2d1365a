using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>A pattern in which * stands for any bytes, also none; the rest is compared without case. Linear for each star, never backtracks further than one.</summary>
internal sealed class Glob
{
    private readonly byte[] _pattern;
    private readonly bool _beyondAscii;

    public Glob(string pattern)
    {
        _pattern = Encoding.UTF8.GetBytes(pattern.Trim().ToLowerInvariant());
        _beyondAscii = !Ascii.IsValid(_pattern);
    }

    public bool Matches(ReadOnlySpan<byte> text)
    {
        // Case beyond ASCII needs the text in lower case; rare enough to allocate for.
        if (_beyondAscii && !Ascii.IsValid(text)) text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).ToLowerInvariant());
        int at = 0, want = 0, star = -1, mark = 0;
        while (at < text.Length)
        {
            if (want < _pattern.Length && _pattern[want] == '*') (star, mark, want) = (want, at, want + 1);
            else if (want < _pattern.Length && _pattern[want] == Bytes.Fold(text[at])) (at, want) = (at + 1, want + 1);
            else if (star >= 0) (want, mark, at) = (star + 1, mark + 1, mark + 1);
            else return false;
        }
        while (want < _pattern.Length && _pattern[want] == '*') want++;
        return want == _pattern.Length;
    }
}
