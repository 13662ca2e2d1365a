using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

public sealed class JourneyStories
{
    private const long Now = 1_795_000_000_000;
    private const long Minute = 60_000, Day = 86_400_000;

    [Fact]
    public void Three_views_a_campaign_and_a_form_make_one_person_two_sessions_one_lead()
    {
        using var world = new World.World();
        foreach (var path in new[] { "/a", "/b", "/c" }) world.Append(Hit.Page("v1", Now + path[1] * 10, path).Record());
        world.Append(Hit.Of("click", "v1", Now + Minute).Campaign("newsletter", "email", "nov").With(Field.LinkSlug, "abc").Record());
        world.Append(Hit.Of("form_submit", "v1", Now + 2 * Minute).With(Field.Form, "contact").Email("aa").Record());
        world.Run();

        Assert.Equal(["cold", "cold→warm", "warm→in_progress"], Fact.Changes(world));
        var lead = world.Lead("e:aa")!;
        var person = lead.AsPerson(new Person());
        Assert.Equal(2, person.SessionCount);
        Assert.Equal(3, person.PageViews);
        Assert.Equal(Stage.Lead, person.StageNow().Stage);
        Assert.Equal(["in_progress"], World.World.SegmentsOf(lead.Standing));
        Assert.Equal(Link.Made, world.Visitor("v1")!.Link);
        Assert.Single(Fact.Of(world, RecordKind.LeadLinked));
    }

    [Fact]
    public void Two_orders_of_earlier_days_and_one_of_today_make_a_regular_and_only_today_is_no_history()
    {
        using var world = new World.World();
        world.Append(Hit.About("purchase", "e:bb", Now - 5 * Day).Received(Now).Money("O-1", 10).Record());
        world.Append(Hit.About("purchase", "e:bb", Now - 3 * Day).Received(Now + 1).Money("O-2", 10).Record());
        world.Append(Hit.About("purchase", "e:bb", Now + 2).Money("O-3", 10).Record());
        world.Append(Hit.About("purchase", "e:cc", Now + 3).Money("O-4", 10).Record());
        world.Run();

        Assert.Equal(["regular"], World.World.SegmentsOf(world.Lead("e:bb")!.Standing));
        Assert.Equal(["active"], World.World.SegmentsOf(world.Lead("e:cc")!.Standing));
        var regular = Fact.Of(world, RecordKind.SegmentChanged).Single(f => f[Field.Segment] == "regular");
        Assert.Equal("active", regular[Field.Previous]);
        Assert.Equal(0, regular.Int(Field.History));
        Assert.All(Fact.Of(world, RecordKind.SegmentChanged).Where(f => f.TimeMs < Now + 2), f => Assert.Equal(1, f.Int(Field.History)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3600)]
    public void Thirty_days_of_silence_end_warm_at_their_very_moment_also_after_a_restart(int tickSeconds)
    {
        using var world = new World.World();
        foreach (var path in new[] { "/a", "/b", "/c" }) world.Append(Hit.Page("v1", Now, path).Record(path));
        world.Run();
        world.Restart();
        world.Tick(Now + 30 * Day - 1000);
        Assert.Equal(["cold", "cold→warm"], Fact.Changes(world.Run()));
        world.Tick(Now + 30 * Day + tickSeconds * 1000L + 1000);
        Assert.Equal(["cold", "cold→warm", "warm→cold"], Fact.Changes(world.Run()));
        var left = Fact.Of(world, RecordKind.SegmentChanged)[^1];
        Assert.Equal("silence", left[Field.CauseKind]);
        Assert.Equal(Now + 30 * Day + 1, left.TimeMs);
    }

    [Fact]
    public void Order_credit_goes_to_the_first_and_the_last_source_and_is_not_posted_twice_by_the_hand_over()
    {
        using var world = new World.World();
        world.Append(Hit.Page("v1", Now - 3 * Day, "/", "https://www.google.com/").Record());
        world.Append(Hit.Page("v1", Now - Day).Campaign("news", "email").Record());
        world.Append(Hit.Of("purchase", "v1", Now).Money("O-1", 100).Email("dd").Record());
        world.Append(Hit.Page("v1", Now + Minute, "/later").Campaign("other", "cpc").Record());
        world.Run();

        var credits = Fact.Of(world, RecordKind.CreditPosted).Where(f => f[Field.ConversionKind] == "order").ToList();
        Assert.Equal("Organic Search", credits.Single(f => f[Field.Model] == "first_touch")[Field.Channel]);
        Assert.Equal("Email", credits.Single(f => f[Field.Model] == "last_touch")[Field.Channel]);
        foreach (var model in credits.GroupBy(f => f[Field.Model]))
            Assert.Equal(100 * Money.Unit, model.Sum(f => f.Int(Field.Amount) * f.Int(Field.Sign)));
        Assert.Single(Fact.Of(world, RecordKind.ConversionMade), f => f[Field.ConversionKind] == "order");
    }

    [Fact]
    public void A_second_browser_with_the_same_address_is_the_same_person()
    {
        using var world = new World.World();
        world.Append(Hit.Page("phone", Now).Record());
        world.Append(Hit.Of("form_submit", "phone", Now + 1).With(Field.Form, "newsletter").Email("ee").Record());
        world.Run();
        world.Append(Hit.Page("laptop", Now + Day).Record());
        world.Append(Hit.Of("form_submit", "laptop", Now + Day + 1).With(Field.Form, "newsletter").Email("ee").Record());
        world.Run();
        var lead = world.Lead("e:ee")!;
        Assert.Equal(2, lead.BrowserCount);
        Assert.Equal(2, lead.AsPerson(new Person()).SessionCount);
        Assert.Equal(2, lead.AsPerson(new Person()).PageViews);
        Assert.DoesNotContain(Fact.Changes(world), c => c.EndsWith('→'));
    }
}
