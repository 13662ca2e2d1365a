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
}
