using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

public sealed class RuleStories
{
    private const long Now = 1_795_000_000_000;
    private const long Minute = 60_000, Day = 86_400_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_changed_rule_re_judges_everybody_once_and_tells_webhooks_only_when_asked(bool notify)
    {
        using var world = new World.World();
        for (var i = 0; i < 20; i++) world.Append(Hit.Page($"v{i}", Now + i).Record());
        world.Run();
        Publish(world, 3, Now + Minute, Two(notify));
        world.Run();
        var changes = Fact.Of(world, RecordKind.SegmentChanged).Where(f => f[Field.CauseKind] == "rule").ToList();
        Assert.Equal(20, changes.Count);
        Assert.Equal(20, changes.Select(f => f.Id).Distinct().Count());
        Assert.All(changes, f =>
        {
            Assert.Equal(("cold", "keen", "entered"), (f[Field.Previous], f[Field.Segment], f[Field.Change]));
            Assert.Equal(notify ? 0 : 1, f.Int(Field.Quiet));
            Assert.Equal(Now + Minute, f.TimeMs);
            Assert.Equal(0, f.Int(Field.FirstEntry));
        });
        world.Restart();
        world.Tick(Now + Day);
        world.Run();
        Assert.Equal(20, Fact.Of(world, RecordKind.SegmentChanged).Count(f => f[Field.CauseKind] == "rule"));
    }

    [Fact]
    public void Whoever_is_met_by_a_hit_before_the_sweep_is_judged_the_same()
    {
        using var swept = Met(sweepFirst: true);
        using var met = Met(sweepFirst: false);
        Assert.Equal(Facts(swept), Facts(met));
        Assert.Equal(World.World.SegmentsOf(swept.Visitor("v1")!.Standing), World.World.SegmentsOf(met.Visitor("v1")!.Standing));

        static World.World Met(bool sweepFirst)
        {
            var world = new World.World();
            world.Append(Hit.Page("v1", Now).Record("one"));
            world.Run();
            Publish(world, 3, Now + Minute, Two(notify: true));
            if (sweepFirst) world.Run();
            // The door took this hit before the rule was published, and the log has it after.
            world.Append(Hit.Page("v1", Now + Minute - 5).Record("two"));
            world.Append(Hit.Page("v1", Now + 2 * Minute).Record("three"));
            return world.Run();
        }

        static IEnumerable<string> Facts(World.World world) => world.Facts.Select(Convert.ToHexString).Order(StringComparer.Ordinal);
    }

    /// <summary>Seed 562 of the simulation: who was swept heard the clock record, who was not did not.</summary>
    [Fact]
    public void A_clock_record_between_new_rules_and_the_sweep_is_heard_by_whoever_is_met_before_the_sweep()
    {
        using var swept = Met(sweepFirst: true);
        using var met = Met(sweepFirst: false);
        Assert.Contains("cold→away", Fact.Changes(swept));
        Assert.Equal(swept.Facts.Select(Convert.ToHexString), met.Facts.Select(Convert.ToHexString));
        Assert.Equal(swept.Read("demo", ActorKey.OfVisitor("v1")), met.Read("demo", ActorKey.OfVisitor("v1")));
        Assert.Equal(swept.Read("", ActorKey.PublishedKey), met.Read("", ActorKey.PublishedKey));

        static World.World Met(bool sweepFirst)
        {
            var world = new World.World(partitions: 1);
            world.Append(Hit.Page("v1", Now).Record("one"));
            world.Run();
            var away = new SegmentSetting { Name = "away", Group = "lifecycle", Order = 45, Rule = "days_since_last_visit > 7", Version = 1 };
            Publish(world, 3, Now + Minute, [.. World.World.Defaults(), away]);
            world.Run(sweepFirst);
            world.Tick(Now + 8 * Day);
            world.Run(sweepFirst);
            if (!sweepFirst) world.Restart();
            // Sent before that clock record, and in the log after it.
            world.Append(Hit.Page("v1", Now + 2 * Minute).Record("two"));
            world.Run(sweepFirst);
            return world.Run();
        }
    }

    [Fact]
    public void A_deleted_segment_is_left()
    {
        using var world = new World.World(segments: [.. World.World.Defaults(), Own("readers", "page_views >= 1")]);
        world.Append(Hit.Page("v1", Now).Record());
        world.Run();
        Publish(world, 3, Now + Minute, World.World.Defaults());
        world.Run();
        var left = Assert.Single(Fact.Of(world, RecordKind.SegmentChanged), f => f[Field.Change] == "left");
        Assert.Equal(("readers", "rule", 1), (left[Field.Segment], left[Field.CauseKind], left.Int(Field.Quiet)));
        Assert.Equal(["cold"], World.World.SegmentsOf(world.Visitor("v1")!.Standing));
    }

    [Fact]
    public void Two_segments_left_in_one_moment_are_two_changes_with_their_own_ids()
    {
        using var world = new World.World(segments: [Own("a", "days_since_last_visit <= 10"), Own("b", "days_since_last_visit <= 10")]);
        world.Append(Hit.Page("v1", Now).Record());
        world.Tick(Now + 30 * Day);
        world.Run();
        var left = Fact.Of(world, RecordKind.SegmentChanged).Where(f => f[Field.Change] == "left").ToList();
        Assert.Equal(["a", "b"], left.Select(f => f[Field.Segment]));
        Assert.Equal(2, left.Select(f => f.Id).Distinct().Count());
        Assert.All(left, f => Assert.Equal(Now + 10 * Day + 1, f.TimeMs));
    }

    [Fact]
    public void One_visitor_id_on_two_sites_never_shares_an_id()
    {
        using var world = new World.World();
        world.Publish(new PublishedRules { Version = 1, Site = new Site { Id = "other", Version = 1 } }, 1);
        world.Append(Hit.Page("v1", Now).Record("a"));
        world.Append(Hit.Page("v1", Now).On("other").Record("b"));
        world.Run();
        Publish(world, 3, Now + Minute, Two(notify: true));
        world.Tick(Now + 90 * Day);
        world.Run();
        var ids = world.Facts.Select(f => new Fact(f).Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Several_versions_are_applied_one_after_the_other_also_when_nobody_looked_between()
    {
        using var world = new World.World();
        world.Append(Hit.Page("v1", Now).Record());
        world.Run();
        Publish(world, 3, Now + Minute, Two(notify: false));
        Publish(world, 4, Now + 2 * Minute, World.World.Defaults());
        world.Run(sweep: false);
        world.Restart();
        world.Run();
        Assert.Equal(["cold", "cold→keen", "keen→cold"], Fact.Changes(world));
    }

    private static IReadOnlyList<SegmentSetting> Two(bool notify) =>
        [.. World.World.Defaults(), new SegmentSetting { Name = "keen", Group = "lifecycle", Order = 45, Rule = "page_views >= 1", Notify = notify, Version = 1 }];

    private static SegmentSetting Own(string name, string rule) => new() { Name = name, Rule = rule, Order = 90, Version = 1 };

    private static void Publish(World.World world, long version, long at, IReadOnlyList<SegmentSetting> segments) =>
        world.Publish(new PublishedRules { Version = version, Segments = segments }, at);
}
