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

    public AgentPatterns(IReadOnlyCollection<AgentPattern> patterns)
    {
        var expressions = patterns.Where(pattern => pattern.Literal is null).ToList();
        if (!TryJoin(expressions, out _expressions))
        {
            // At least one is none: only then each is tried alone, which costs time at the start.
            expressions.RemoveAll(pattern => !TryJoin([pattern], out _));
            TryJoin(expressions, out _expressions);
        }
        _patterns = [.. patterns.Where(pattern => pattern.Literal is not null).Concat(expressions).OrderByDescending(pattern => pattern.Weight)];
        Unusable = patterns.Count - _patterns.Length;
        _literals = SearchValues.Create([.. _patterns.Where(p => p.Literal is not null).Select(p => p.Literal!)], StringComparison.Ordinal);
    }

    public int Count => _patterns.Length;

    /// <summary>Patterns that had to be left out: no regular expression, or one that needs backtracking.</summary>
    public int Unusable { get; }

    /// <summary>The class of the longest pattern that the agent contains, or null.</summary>
    public string? ClassOf(string agent)
    {
        if (!agent.AsSpan().ContainsAny(_literals) && _expressions?.IsMatch(agent) != true) return null;
        foreach (var pattern in _patterns)
            if (pattern.IsIn(agent)) return pattern.BotClass;
        return null;
    }

    /// <exception cref="JsonException">The text is not a list of patterns.</exception>
    public static AgentPatterns Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("The list of agents is no array.");
        List<AgentPattern> patterns = [];
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("pattern", out var text) || text.ValueKind != JsonValueKind.String) continue;
            var pattern = text.GetString()!;
            if (pattern.Length > 0 && !PeoplesAgents.IsNoBot(pattern)) patterns.Add(new AgentPattern(PeoplesAgents.Narrowed(pattern), BotClasses.OfTag(FirstTag(entry))));
        }
        return new AgentPatterns(patterns);
    }

    private static string? FirstTag(JsonElement entry) =>
        entry.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Array && tags.GetArrayLength() > 0 && tags[0].ValueKind == JsonValueKind.String
            ? tags[0].GetString() : null;

    private static bool TryJoin(List<AgentPattern> patterns, out Regex? joined)
    {
        joined = null;
        if (patterns.Count == 0) return true;
        try
        {
            joined = AgentPattern.Expression(string.Join('|', patterns.Select(pattern => $"(?:{pattern.Text})")));
            return true;
        }
        catch (Exception mistake) when (mistake is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
