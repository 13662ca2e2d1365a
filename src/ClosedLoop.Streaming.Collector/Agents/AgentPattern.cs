using System.Text;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>One pattern of a list: plain text where that is enough, otherwise a regular expression that cannot backtrack.</summary>
internal sealed class AgentPattern
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    private readonly Regex? _regex;

    /// <exception cref="ArgumentException">The pattern is no regular expression.</exception>
    /// <exception cref="NotSupportedException">The pattern needs backtracking.</exception>
    public AgentPattern(string pattern, string botClass)
    {
        (Text, BotClass, Literal) = (pattern, botClass, LiteralOf(pattern));
        if (Literal is null) _regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);
    }

    public string Text { get; }

    public string BotClass { get; }

    /// <summary>The text to look for, when the pattern is nothing but text.</summary>
    public string? Literal { get; }

    /// <summary>Of several patterns the longer one says more.</summary>
    public int Weight => (Literal ?? Text).Length;

    public bool IsIn(string agent) => Literal is null ? _regex!.IsMatch(agent) : agent.Contains(Literal, StringComparison.Ordinal);

    // Escaped punctuation is itself; any other special character makes it a true expression.
    private static string? LiteralOf(string pattern)
    {
        var text = new StringBuilder(pattern.Length);
        for (var at = 0; at < pattern.Length; at++)
        {
            var c = pattern[at];
            if (c == '\\')
            {
                if (++at == pattern.Length || char.IsAsciiLetterOrDigit(pattern[at])) return null;
                c = pattern[at];
            }
            else if ("^$.|?*+()[]{}".Contains(c, StringComparison.Ordinal)) return null;
            text.Append(c);
        }
        return text.Length == 0 ? null : text.ToString();
    }
}
