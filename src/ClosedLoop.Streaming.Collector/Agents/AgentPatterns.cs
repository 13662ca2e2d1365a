using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>
/// A list of tagged patterns (the crawler-user-agents format). One pass over the agent asks all plain texts at once, one more all expressions;
/// only an agent that is hit is held against each pattern.
/// </summary>
internal sealed class AgentPatterns
{
    private readonly AgentPattern[] _patterns;
    private readonly SearchValues<string> _literals;
    private readonly Regex? _expressions;

    public AgentPatterns(IEnumerable<AgentPattern> patterns)
    {
        _patterns = [.. patterns.OrderByDescending(pattern => pattern.Weight)];
        _literals = SearchValues.Create([.. _patterns.Where(p => p.Literal is not null).Select(p => p.Literal!)], StringComparison.Ordinal);
        var expressions = _patterns.Where(p => p.Literal is null).Select(p => $"(?:{p.Text})").ToArray();
        if (expressions.Length > 0)
            _expressions = new Regex(string.Join('|', expressions), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));
    }

    public int Count => _patterns.Length;

    /// <summary>The class of the longest pattern that the agent contains, or null.</summary>
    public string? ClassOf(string agent)
    {
        if (!agent.AsSpan().ContainsAny(_literals) && _expressions?.IsMatch(agent) != true) return null;
        foreach (var pattern in _patterns)
            if (pattern.IsIn(agent)) return pattern.BotClass;
        return null;
    }

    /// <summary>Reads the list. Patterns that can't be used are left out and counted.</summary>
    /// <exception cref="JsonException">The text is not a list of patterns.</exception>
    public static AgentPatterns Parse(ReadOnlySpan<byte> json, out int unusable)
    {
        List<AgentPattern> patterns = [];
        unusable = 0;
        foreach (var entry in JsonSerializer.Deserialize<Entry[]>(json, Format) ?? [])
        {
            if (string.IsNullOrEmpty(entry.Pattern) || PeoplesAgents.IsNoBot(entry.Pattern)) continue;
            try
            {
                patterns.Add(new AgentPattern(PeoplesAgents.Narrowed(entry.Pattern), BotClasses.OfTag(entry.Tags?.FirstOrDefault())));
            }
            catch (Exception mistake) when (mistake is ArgumentException or NotSupportedException)
            {
                unusable++;
            }
        }
        return new AgentPatterns(patterns);
    }

    private static readonly JsonSerializerOptions Format = new() { PropertyNameCaseInsensitive = true, MaxDepth = 8 };

    private sealed record Entry(string? Pattern, string[]? Tags);
}
