using System.Text;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>One pattern of a list: plain text where that is enough, otherwise a regular expression that cannot backtrack.</summary>
internal sealed class AgentPattern
{
    private Regex? _regex;

    public AgentPattern(string pattern, string botClass) => (Text, BotClass, Literal) = (pattern, botClass, LiteralOf(pattern));

    public string Text { get; }

    public string BotClass { get; }

    /// <summary>The text to look for, when the pattern is nothing but text.</summary>
    public string? Literal { get; }

    /// <summary>Of several patterns the longer one says more.</summary>
    public int Weight => (Literal ?? Text).Length;

    /// <summary>
    /// A regular expression that cannot backtrack, so its time grows with the agent's length alone, which the headers bound. It has no time
    /// limit: on a busy machine a wall clock would turn a hit into an error. Building it is dear, so only once it is asked for.
    /// </summary>
    /// <exception cref="ArgumentException">The text is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex Expression(string text) => new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public bool IsIn(string agent) =>
        Literal is null ? (_regex ??= Expression(Text)).IsMatch(agent) : agent.Contains(Literal, StringComparison.Ordinal);

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
