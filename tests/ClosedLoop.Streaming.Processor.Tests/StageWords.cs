using System.Globalization;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>Stories of a lead as words: "2 mql!" is two hours later a stage with a reason.</summary>
internal static class StageWords
{
    public const long Now = 1_795_000_000_000;
    private const long Hour = 3_600_000;

    /// <summary>Each begins where the last one ended, and their numbers grow.</summary>
    public static void Chained(World.World world)
    {
        var stage = "visitor";
        var last = 0L;
        var facts = Fact.Of(world, RecordKind.StageChanged).OrderBy(f => f.Int(Field.Sequence)).ToList();
        foreach (var fact in facts)
        {
            Assert.Equal(stage, fact[Field.PreviousStage]);
            Assert.NotEqual(stage, fact[Field.Stage]);
            Assert.True(fact.Int(Field.Sequence) > last);
            (stage, last) = (fact[Field.Stage], fact.Int(Field.Sequence));
        }
        Assert.Equal(facts.Count, facts.DistinctBy(f => (f.IdOf(Field.CauseId), f[Field.Stage])).Count());
        Assert.Equal(stage, System.Text.Encoding.UTF8.GetString(world.Lead("e:aa")!.AsPerson(new Person()).TextOf(TextMeasure.Stage)));
    }

    public static IEnumerable<string> Changes(World.World world) => Fact.Of(world, RecordKind.StageChanged).OrderBy(f => f.Int(Field.Sequence))
        .Select(f => $"{f[Field.PreviousStage]}→{f[Field.Stage]} {f[Field.Reason]}".TrimEnd());

    public static Hit Of(string word, long received)
    {
        var parts = word.Split(' ');
        var at = Now + long.Parse(parts[0], CultureInfo.InvariantCulture) * Hour;
        var hit = parts[1] switch
        {
            "form" => Hit.About("form_submit", "e:aa", at).With(Field.Form, "contact"),
            "buy" => Hit.About("purchase", "e:aa", at).Money($"O-{parts[0]}", 10),
            "opened" or "moved" => Deal("deal_" + parts[1], at, "D-1").With(Field.Amount, 5 * Money.Unit),
            "won" => Deal("deal_won", at, "D-1").With(Field.Revenue, 5 * Money.Unit),
            "won2" => Deal("deal_won", at, "D-2").With(Field.Revenue, 5 * Money.Unit),
            "lost" => Deal("deal_lost", at, "D-1").With(Field.Reason, "price"),
            _ => Hit.About("stage_changed", "e:aa", at).With(Field.Stage, parts[1] == "gone!" ? "lost" : parts[1].TrimEnd('!'))
                .With(Field.Reason, parts[1].EndsWith('!') ? "why" : null),
        };
        return hit.Received(received);
    }

    private static Hit Deal(string name, long at, string deal) => Hit.About(name, "e:aa", at).Flag(EventFlags.Verified).With(Field.DealId, deal);
}
