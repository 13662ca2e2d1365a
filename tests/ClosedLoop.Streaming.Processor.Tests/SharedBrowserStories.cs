using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>Several people on one browser.</summary>
public sealed class SharedBrowserStories
{
    private const long Now = 1_795_000_000_000;
    private const long Hour = 3_600_000, Day = 24 * Hour;

    [Fact]
    public void A_second_e_mail_on_a_browser_begins_a_visitor_of_its_own_and_the_first_comes_back()
    {
        using var world = new World.World();
        world.Append(Hit.Page("v1", Now).Record());
        world.Append(Hit.Of("form_submit", "v1", Now + 1).Email("aa").Record());
        world.Run();
        world.Append(Hit.Of("form_submit", "v1", Now + Hour).Email("bb").Record());
        world.Append(Hit.Page("v1", Now + Hour + 1).Record());
        world.Append(Hit.Page("v1", Now + Hour + 2).Record());
        world.Run();
        Assert.Equal(1, world.Lead("e:aa")!.AsPerson(new Person()).PageViews);
        Assert.Equal(2, world.Lead("e:bb")!.AsPerson(new Person()).PageViews);
        Assert.NotEqual("v1", Assert.Single(world.Lead("e:bb")!.VisitorIds()));
        world.Append(Hit.Of("identify", "v1", Now + Day).Email("aa").Record());
        world.Append(Hit.Page("v1", Now + Day + 1).Record());
        // Late, and of the time when the other had the browser.
        world.Append(Hit.Page("v1", Now + Hour + 3).Received(Now + Day + 2).Record());
        world.Run();
        Assert.Equal(2, world.Lead("e:aa")!.AsPerson(new Person()).PageViews);
        Assert.Equal(3, world.Lead("e:bb")!.AsPerson(new Person()).PageViews);
        Soundness.Check(world);
    }

    /// <summary>Seed 878 of the simulation, where the oracle told people apart by their e-mail alone.</summary>
    [Fact]
    public void An_account_that_is_known_to_be_the_first_one_s_is_his_though_another_had_the_browser_last()
    {
        using var world = new World.World();
        world.Append(Hit.Of("identify", "v1", Now).With(Field.ExternalId, "17").Record());
        world.Append(Hit.Of("form_submit", "v1", Now + 1).Email("aa").Record());
        world.Append(Hit.Of("form_submit", "v1", Now + Hour).Email("bb").Record());
        world.Append(Hit.Of("identify", "v1", Now + Day).With(Field.ExternalId, "17").Record());
        world.Append(Hit.Page("v1", Now + Day + 1).Record());
        world.Run();
        Assert.Equal(1, world.Lead("x:17")!.AsPerson(new Person()).PageViews);
        Assert.Equal(["v1"], world.Lead("e:aa")!.VisitorIds());
        Assert.Equal(0, world.Lead("e:bb")!.AsPerson(new Person()).PageViews);
        Assert.DoesNotContain("v1", world.Lead("e:bb")!.VisitorIds());
        Soundness.Check(world);
    }

    /// <summary>Seed 894 of the simulation.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_name_that_is_said_again_gives_nobody_the_browser(int repetitions)
    {
        using var world = new World.World();
        Hit First() => Hit.Of("form_submit", "v1", Now + 2 * Hour).Email("aa").With(Field.EventId, "1");
        world.Append(First().Record("first"));
        world.Append(Hit.Of("form_submit", "v1", Now + Hour).Received(Now + 2 * Hour).Email("bb").Record());
        for (var i = 0; i < repetitions; i++) world.Append(First().Received(Now + 2 * Hour + i).Record($"again {i}"));
        world.Append(Hit.Page("v1", Now + 3 * Hour).Record());
        world.Run();
        Assert.Equal(1, world.Lead("e:bb")!.AsPerson(new Person()).PageViews);
        Assert.Equal(0, world.Lead("e:aa")!.AsPerson(new Person()).PageViews);
        Assert.Equal(repetitions, world.Partitions.Sum(p => p.Core.Bench.Counters.Duplicates));
    }
}
