using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.World;

/// <summary>What the archive shows once every correction is applied.</summary>
public static class Rows
{
    /// <summary>Sessions that stand: of each the row of the highest version, unless it was deleted.</summary>
    public static IReadOnlyList<string> Sessions(IEnumerable<Fact> facts) =>
        [.. Standing(facts, RecordKind.SessionChanged, Field.SessionId)
            .Select(f => $"{f.IdOf(Field.SessionId)} {f.Int(Field.SessionStartMs)} {f.Int(Field.SessionEndMs)} {f.Int(Field.PageViews)} {f.Int(Field.Hits)} {f[Field.Channel]} {f[Field.Campaign]}")
            .Order(StringComparer.Ordinal)];

    /// <summary>Touches that stand.</summary>
    public static IReadOnlyList<string> Touches(IEnumerable<Fact> facts) =>
        [.. Standing(facts, RecordKind.TouchMade, Field.TouchId)
            .Select(f => $"{f.IdOf(Field.TouchId)} {f.Int(Field.OccurredMs)} {f[Field.Channel]} {f[Field.Source]} {f[Field.Evidence]}").Order(StringComparer.Ordinal)];

    private static IEnumerable<Fact> Standing(IEnumerable<Fact> facts, RecordKind kind, Field id) =>
        facts.Where(f => f.Kind == kind).GroupBy(f => f.IdOf(id)).Select(g => g.MaxBy(f => f.Int(Field.Version))!).Where(f => f.Int(Field.Deleted) == 0);
}
