using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Checks definitions and compiles them, finding all mistakes and not only the first.</summary>
public static class RuleSetBuilder
{
    /// <summary>
    /// Refused are: a bad rule, a name or group of other characters, a name twice, an action that is no JSON or too long,
    /// a version below 1, too many segments. The set is <see cref="RuleSet.Empty"/> when there are mistakes.
    /// </summary>
    public static bool TryBuild(IEnumerable<SegmentDefinition> definitions, long version, long publishedMs,
        out RuleSet set, out IReadOnlyList<SegmentMistake> mistakes)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var found = new List<SegmentMistake>();
        var segments = new List<Segment>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            if (!names.Add(definition.Name)) found.Add(new SegmentMistake(definition.Name, -1, "there are two segments of this name"));
            if (Compile(definition, found) is { } segment) segments.Add(segment);
        }
        if (names.Count > RuleLimits.SegmentsMax)
            found.Add(new SegmentMistake("", -1, $"there are {names.Count} segments; at most {RuleLimits.SegmentsMax} are allowed"));
        segments.Sort(static (a, b) => a.Order != b.Order ? a.Order.CompareTo(b.Order) : string.CompareOrdinal(a.Name, b.Name));
        mistakes = found;
        set = found.Count == 0 ? new RuleSet([.. segments], version, publishedMs) : RuleSet.Empty;
        return found.Count == 0;
    }

    /// <summary>Compiles one definition; null, with its mistakes added, when it is wrong.</summary>
    public static Segment? Compile(SegmentDefinition definition, ICollection<SegmentMistake> mistakes)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(mistakes);
        var before = mistakes.Count;
        void Wrong(string message, int position = -1) => mistakes.Add(new SegmentMistake(definition.Name, position, message));

        if (!IsName(definition.Name)) Wrong($"a segment's name has 1 to {RuleLimits.NameCharsMax} characters of a-z 0-9 _ -");
        if (definition.Group is { } group && !IsName(group)) Wrong($"a group's name has 1 to {RuleLimits.NameCharsMax} characters of a-z 0-9 _ -");
        if (definition.Version < 1) Wrong("versions count from 1");
        if (definition.ActionJson is { } action && ActionMistake(action) is { } mistake) Wrong(mistake);
        if (!Rule.TryCompile(definition.Rule, out var rule, out var wrong)) Wrong(wrong.Message, wrong.Position);
        return mistakes.Count == before ? new Segment(definition, rule!) : null;
    }

    /// <summary>1–64 of a-z 0-9 _ -.</summary>
    public static bool IsName(string? name) => name is { Length: > 0 and <= RuleLimits.NameCharsMax }
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    private static string? ActionMistake(string action)
    {
        var bytes = Encoding.UTF8.GetByteCount(action);
        if (bytes > RuleLimits.ActionBytesMax) return $"the action has {bytes} bytes of JSON; at most {RuleLimits.ActionBytesMax} are allowed";
        try
        {
            using var json = JsonDocument.Parse(action);
            return null;
        }
        catch (JsonException wrong)
        {
            return $"the action is no JSON: {wrong.Message}";
        }
    }
}
