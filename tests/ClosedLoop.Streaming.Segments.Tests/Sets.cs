using System.Globalization;
using System.Text;

namespace ClosedLoop.Streaming.Segments.Tests;

/// <summary>Short hand for sets and their judgements.</summary>
internal static class Sets
{
    public static RuleSet Of(IEnumerable<SegmentDefinition> definitions, long version = 1) =>
        RuleSet.TryBuild(definitions, version, Person.Now, out var set, out var mistakes)
            ? set
            : throw new ArgumentException(string.Join("; ", mistakes));

    /// <summary>"group/order name: rule" lines; no group: "/order name: rule".</summary>
    public static RuleSet Of(params string[] lines) => Of(lines.Select(line =>
    {
        var (head, rule) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var (place, name) = (head.Split(' ')[0].Split('/'), head.Split(' ')[1]);
        return new SegmentDefinition
        {
            Name = name, Rule = rule, Group = place[0].Length == 0 ? null : place[0], Order = int.Parse(place[1], CultureInfo.InvariantCulture),
        };
    }));

    /// <summary>"+warm(cold) -lapsed +vip!": entered with previous, left, entered first.</summary>
    public static string Text(Judgement judgement) => string.Join(' ', judgement.Changes.Select(change =>
        $"{(change.Entered ? '+' : '-')}{change.Segment.Name}{(change.Previous is { } previous ? $"({previous.Name})" : "")}{(change.First ? "!" : "")}"));

    /// <summary>"cold@0 vip@5": names with the days since Person.Now.</summary>
    public static string Text(ReadOnlySpan<byte> membership)
    {
        var text = new StringBuilder();
        foreach (var (name, since) in MembershipReader.List(membership))
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? " " : "")}{name}@{(since - Person.Now) / (double)Person.Day}");
        return text.ToString();
    }

    public static Rule Compile(string rule) => Rule.TryCompile(rule, out var compiled, out var mistake)
        ? compiled
        : throw new ArgumentException($"{rule}: {mistake}");
}
