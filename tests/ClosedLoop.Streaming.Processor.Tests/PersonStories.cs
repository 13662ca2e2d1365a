using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

public sealed class PersonStories
{
    private const long Now = 1_795_000_000_000;
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    [Fact]
    public void Only_the_very_first_entry_is_a_first_entry()
    {
        using var world = new World.World();
        for (var i = 0; i < 3; i++) world.Append(Hit.Page("v1", Now + i, $"/{i}").Record());
        world.Append(Hit.Of("form_submit", "v1", Now + Minute).With(Field.Form, "contact").Email("aa").Record());
        world.Run();
        world.Append(Hit.About("purchase", "e:aa", Now + Hour).Money("O-1", 1).Record());
        world.Run();
        Assert.Equal(["cold"], Fact.Of(world, RecordKind.SegmentChanged).Where(f => f.Int(Field.FirstEntry) == 1).Select(f => f[Field.Segment]));
        Assert.Equal(["cold", "cold→warm", "warm→in_progress", "in_progress→active"], Fact.Changes(world));
    }

    [Fact]
    public void The_hand_over_leaves_and_enters_nothing_and_the_numbers_go_on()
    {
        using var world = new World.World();
        for (var i = 0; i < 3; i++) world.Append(Hit.Page("v1", Now + i).Record());
        world.Append(Hit.Of("identify", "v1", Now + Minute).Email("aa").Record());
        world.Run();
        Assert.Equal(["cold", "cold→warm"], Fact.Changes(world));
        Assert.Equal(["warm"], World.World.SegmentsOf(world.Lead("e:aa")!.Standing));
        world.Append(Hit.Of("form_submit", "v1", Now + Hour).Email("aa").Record());
        world.Run();
        var change = Fact.Of(world, RecordKind.SegmentChanged).Single(f => f[Field.Segment] == "in_progress");
        Assert.Equal("warm", change[Field.Previous]);
        Assert.Equal("v1", change[Field.VisitorId]);
        var sequences = world.Facts.Select(f => new Fact(f)).Where(f => f.Int(Field.Sequence) > 0).Select(f => f.Int(Field.Sequence)).Order();
        Assert.Equal([1, 2, 3, 4], sequences);
    }

    [Fact]
    public void What_happens_between_question_and_answer_is_handed_over_with_the_answer()
    {
        using var world = new World.World(partitions: 8);
        world.Append(Hit.Of("form_submit", "v1", Now).Email("aa").Record());
        for (var i = 1; i < 5; i++) world.Append(Hit.Page("v1", Now + i).Record());
        world.Append(Hit.Of("purchase", "v1", Now + 9).Money("O-1", 5).Record());
        world.Run();
        var person = world.Lead("e:aa")!.AsPerson(new Person());
        Assert.Equal(4, person.PageViews);
        Assert.Equal(1, person.Orders().Count);
        Assert.Equal(Books.Due(People.Of(world), SiteRules.Default), Books.Posted(world.Facts.Select(f => new Fact(f))));
    }

    [Fact]
    public void The_thirty_third_browser_is_refused_and_the_person_marked()
    {
        using var world = new World.World();
        for (var i = 0; i <= LeadState.BrowsersMax; i++) world.Append(Hit.Of("form_submit", $"v{i}", Now + i).Email("aa").Record());
        world.Run();
        var lead = world.Lead("e:aa")!;
        Assert.Equal(LeadState.BrowsersMax, lead.BrowserCount);
        Assert.True(lead.Own.Capped);
        Identity(world);
    }

    [Fact]
    public void An_act_of_somebody_who_opted_out_counts_and_nobody_is_told()
    {
        using var world = new World.World();
        world.Append(Hit.Of("click", "once", Now).Flag(EventFlags.ActOnly).Campaign("news", "email").Record());
        world.Append(Hit.About("form_submit", "e:aa", Now).Flag(EventFlags.ActOnly).With(Field.Form, "contact").Record());
        world.Run();
        Assert.Empty(Fact.Of(world, RecordKind.SegmentChanged));
        Assert.Empty(Fact.Of(world, RecordKind.StageChanged));
        Assert.Equal(2, Fact.Of(world, RecordKind.EventStored).Count);
        Assert.Equal(Now, world.Lead("e:aa")!.AsPerson(new Person()).FormSent("contact"u8));
    }

    [Fact]
    public void A_repetition_leaves_no_trace_but_in_the_counters()
    {
        using var world = new World.World();
        foreach (var hit in new[] { Hit.Page("v1", Now), Hit.About("purchase", "e:aa", Now).Money("O-1", 1) })
            for (var i = 0; i < 3; i++) world.Append(hit.With(Field.EventId, "same").Record());
        world.Run();
        Assert.Equal(2, Fact.Of(world, RecordKind.EventStored).Count);
        Assert.Equal(4, world.Partitions.Sum(p => p.Core.Bench.Counters.Duplicates));
        Identity(world);
    }

    [Fact]
    public void A_silence_of_a_known_person_ends_on_the_leads_side_alone()
    {
        using var world = new World.World();
        for (var i = 0; i < 3; i++) world.Append(Hit.Page("v1", Now + i).Record());
        world.Append(Hit.Of("form_submit", "v1", Now + 3).With(Field.Form, "demo").Email("aa").Record());
        world.Run();
        world.Restart();
        world.Tick(Now + 100 * Day);
        world.Run();
        Assert.Equal(["cold", "cold→warm", "warm→in_progress", "in_progress→cold"], Fact.Changes(world));
        var left = Fact.Of(world, RecordKind.SegmentChanged).Single(f => f[Field.CauseKind] == "silence");
        Assert.Equal(Now + 3 + 30 * Day + 1, left.TimeMs);
        Assert.Equal(world.Lead("e:aa")!.Standing.Sequence, left.Int(Field.Sequence));
    }

    [Fact]
    public void Stages_are_told_with_what_was_before_and_why()
    {
        using var world = new World.World();
        world.Append(Hit.Page("v1", Now).Record());
        world.Append(Hit.Of("identify", "v1", Now + 1).Email("aa").Record());
        world.Run();
        world.Append(Hit.About("stage_changed", "e:aa", Now + 2).With(Field.Stage, "sql").Record());
        world.Append(Hit.About("stage_changed", "e:aa", Now + 3).With(Field.Stage, "lead").With(Field.Reason, "no budget").Record());
        world.Append(Hit.About("stage_changed", "e:aa", Now + 4).With(Field.Stage, "lead").With(Field.Reason, "again").Record());
        world.Run();
        Assert.Equal(["visitor lead ", "lead sql ", "sql lead no budget"], Fact.Of(world, RecordKind.StageChanged).OrderBy(f => f.Int(Field.Sequence))
            .Select(f => $"{f[Field.PreviousStage]} {f[Field.Stage]} {f[Field.Reason]}"));
    }

    private static void Identity(World.World world)
    {
        var all = world.Partitions.Select(p => p.Core.Bench.Counters).ToList();
        Assert.Equal(all.Sum(c => c.Received), all.Sum(c => c.Stored + c.Duplicates + c.Refused + c.TotalsOnly));
        Assert.Equal(all.Sum(c => c.ForwardedOut), all.Sum(c => c.ForwardedIn));
    }
}
