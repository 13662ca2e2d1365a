using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>Stage rules where time or the settings move, and not the lead.</summary>
public sealed class StageRuleTimeStories
{
    private const long Now = 1_795_000_000_000;
    private const long Hour = 3_600_000, Day = 24 * Hour;

    [Fact]
    public void Silence_may_fulfil_a_rule_at_its_own_moment_and_whoever_buys_is_no_lead()
    {
        using var world = StageRuleStories.With("days_since_first_visit >= 7", null);
        world.Append(Hit.Page("v1", Now).Record());
        world.Append(Hit.Of("form_submit", "v1", Now + Hour).Email("aa").Record());
        world.Append(Hit.About("purchase", "e:bb", Now).Money("O-1", 5).Record());
        world.Run();
        world.Restart();
        world.Tick(Now + 30 * Day);
        world.Run();
        var mql = Fact.Of(world, RecordKind.StageChanged).Single(f => f[Field.Stage] == "mql");
        Assert.Equal(("silence", Now + 7 * Day), (mql[Field.CauseKind], mql.TimeMs));
        StageRuleStories.Balanced(world, ["customer", "lead", "lead", "mql", "order"]);
        // What silence found is told once, also when the next event comes.
        world.Append(Hit.Page("v1", Now + 31 * Day).Record());
        world.Append(Hit.About("contacted", "e:aa", Now + 31 * Day).With(Field.ContactChannel, "phone").With(Field.Direction, "out").Record());
        world.Run();
        StageRuleStories.Balanced(world, ["customer", "lead", "lead", "mql", "order"]);
        Assert.Equal("customer", System.Text.Encoding.UTF8.GetString(world.Lead("e:bb")!.AsPerson(new Person()).TextOf(TextMeasure.Stage)));
    }

    [Fact]
    public void New_rules_find_everybody_in_silence_and_each_site_has_its_own()
    {
        using var world = new World.World();
        foreach (var site in new[] { "demo", "other" })
        {
            world.Append(Hit.Page("v1", Now).On(site).Record());
            world.Append(Hit.Of("form_submit", "v1", Now + 1).On(site).Email("aa").Record());
        }
        world.Run();
        StageRuleStories.Publish(world, 3, Now + Hour, "demo", "page_views >= 1", null);
        world.Run();
        Assert.Equal("mql", StageRuleStories.Stage(world));
        Assert.Equal("lead", System.Text.Encoding.UTF8.GetString(world.Lead("e:aa", "other")!.AsPerson(new Person()).TextOf(TextMeasure.Stage)));
        var mql = Fact.Of(world, RecordKind.StageChanged).Single(f => f[Field.Stage] == "mql");
        Assert.Equal(("rule", 1L, Now + Hour), (mql[Field.CauseKind], mql.Int(Field.Quiet), mql.TimeMs));
        // Taken away again, nobody falls back.
        world.Publish(new PublishedRules { Version = 4, Segments = World.World.Defaults() }, Now + 2 * Hour);
        world.Run();
        Assert.Equal("mql", StageRuleStories.Stage(world));
    }

    [Fact]
    public void It_makes_no_difference_when_the_background_comes_by()
    {
        var outcomes = new HashSet<string>();
        foreach (var sweep in new[] { true, false })
        {
            using var world = new World.World();
            for (var i = 0; i < 40; i++)
            {
                world.Append(Hit.Page($"v{i}", Now + i).Record($"page {i}"));
                world.Append(Hit.Of("form_submit", $"v{i}", Now + i + 1).Email($"a{i}").Record($"form {i}"));
            }
            world.Run();
            StageRuleStories.Publish(world, 3, Now + Hour, "demo", "page_views >= 1", null);
            StageRuleStories.Publish(world, 4, Now + Hour + 1, "demo", "page_views >= 5", "page_views >= 1");
            world.Run(sweep);
            for (var i = 0; i < 40; i += 2) world.Append(Hit.Page($"v{i}", Now + 2 * Hour).Record($"again {i}"));
            world.Run();
            outcomes.Add(string.Join('\n', Fact.Of(world, RecordKind.StageChanged).Concat(Fact.Of(world, RecordKind.ConversionMade)).Select(f => Convert.ToHexString(f.Bytes)).Order(StringComparer.Ordinal)));
        }
        Assert.Single(outcomes);
    }
}
