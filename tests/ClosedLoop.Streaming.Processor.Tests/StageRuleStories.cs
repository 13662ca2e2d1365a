using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>Leads become mql and sql by rules that their site sets; a person's decision stands above them.</summary>
public sealed class StageRuleStories
{
    private const long Now = 1_795_000_000_000;
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    [Fact]
    public void A_lead_moves_by_the_rules_of_its_site_and_stays_when_they_hold_no_more()
    {
        using var world = With("count(\"downloaded\",1d) >= 1", "page_views >= 3");
        world.Append(Hit.Page("v1", Now).Record());
        world.Append(Hit.Of("downloaded", "v1", Now + 1).Record());
        world.Run();
        Assert.Empty(Fact.Of(world, RecordKind.StageChanged));
        world.Append(Hit.Of("form_submit", "v1", Now + 2).Email("aa").Record());
        world.Run();
        Assert.Equal(["visitor→lead ", "lead→mql rule"], Changes(world));
        world.Tick(Now + 3 * Day);
        world.Run();
        Assert.Equal("mql", Stage(world));
        for (var i = 0; i < 2; i++) world.Append(Hit.Page("v1", Now + 4 * Day + i).Record());
        world.Run();
        Assert.Equal(["visitor→lead ", "lead→mql rule", "mql→sql rule"], Changes(world));
        var last = Fact.Of(world, RecordKind.StageChanged).MaxBy(f => f.Int(Field.Sequence))!;
        Assert.Equal(("event", "page_view", 0L), (last[Field.CauseKind], last[Field.CauseName], last.Int(Field.Quiet)));
        // The segments of the same moment know the stage already.
        Assert.Equal("in_progress", Fact.Of(world, RecordKind.SegmentChanged).MaxBy(f => f.Int(Field.Sequence))![Field.Segment]);
        Balanced(world, ["lead", "mql", "sql"]);
    }

    [Fact]
    public void Both_at_once_are_two_changes_in_order_and_a_decision_forbids_any()
    {
        using var world = With("page_views >= 1", "page_views >= 1");
        world.Append(Hit.Page("v1", Now).Record());
        world.Append(Hit.Of("form_submit", "v1", Now + 2).Email("aa").Record());
        world.Run();
        Assert.Equal(["visitor→lead ", "lead→mql rule", "mql→sql rule"], Changes(world));
        world.Append(Said("lead", Now + Hour, null));
        world.Run();
        Assert.Equal("sql", Stage(world));
        world.Append(Said("lead", Now + 2 * Hour, "a student"));
        world.Append(Hit.Page("v1", Now + 3 * Hour).Record());
        world.Run();
        Assert.Equal(["visitor→lead ", "lead→mql rule", "mql→sql rule", "sql→lead a student"], Changes(world));
        Balanced(world, ["lead", "mql", "sql"]);
    }

    [Fact]
    public void A_decision_made_before_the_rule_spoke_and_heard_later_takes_the_rules_word_back()
    {
        using var world = With("page_views >= 1", null);
        world.Append(Hit.Page("v1", Now).Record());
        world.Append(Hit.Of("form_submit", "v1", Now + Hour).Email("aa").Record());
        world.Run();
        world.Append(Hit.About("stage_changed", "e:aa", Now + Minute).Received(Now + 2 * Hour).With(Field.Stage, "lead").Record());
        world.Run();
        Assert.Equal("lead", Stage(world));
        Balanced(world, ["lead"]);
    }

    internal static World.World With(string mql, string? sql)
    {
        var world = new World.World();
        Publish(world, 3, 2, "demo", mql, sql);
        return world.Run();
    }

    internal static void Publish(World.World world, long version, long at, string site, string mql, string? sql) => world.Publish(new PublishedRules
    {
        Version = version, Segments = World.World.Defaults(),
        Stages = new Dictionary<string, StageRuleSetting> { [site] = new(mql, sql), ["somewhere"] = new("true") },
    }, at);

    private static byte[] Said(string stage, long at, string? reason) =>
        Hit.About("stage_changed", "e:aa", at).With(Field.Stage, stage).With(Field.Reason, reason).Record();

    internal static string Stage(World.World world) => System.Text.Encoding.UTF8.GetString(world.Lead("e:aa")!.AsPerson(new Person()).TextOf(TextMeasure.Stage));

    private static IEnumerable<string> Changes(World.World world) => Fact.Of(world, RecordKind.StageChanged).OrderBy(f => f.Int(Field.Sequence))
        .Select(f => $"{f[Field.PreviousStage]}→{f[Field.Stage]} {f[Field.Reason]}");

    internal static void Balanced(World.World world, string[] conversions)
    {
        var facts = world.Facts.Select(f => new Fact(f)).ToList();
        Assert.Equal(conversions, Books.Conversion(facts).Select(c => c.Split(' ')[1]).Order(StringComparer.Ordinal));
        Assert.Equal(Books.Due(People.Of(world), SiteRules.Default), Books.Posted(facts));
    }
}
