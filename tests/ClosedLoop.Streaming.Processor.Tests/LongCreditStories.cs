using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>The ledger of people with a long memory, and under rules that change: what is taken back is what was posted, to the row.</summary>
public sealed class LongCreditStories
{
    private const long Now = 1_795_000_000_000;
    private const long Hour = 3_600_000, Day = 24 * Hour;

    [Theory]
    [InlineData(40, 300)]
    [InlineData(90, 90)]
    [InlineData(150, 40)]
    public void More_sessions_than_the_list_holds_change_no_earlier_credit(int before, int after)
    {
        using var world = new World.World();
        Visits(world, 0, before);
        world.Append(Hit.Of("purchase", "v1", Now + before * 12 * Hour).Money("O-1", 1_000).Email("anna").Record());
        world.Run();
        var posted = Rows(world);
        Visits(world, before + 1, after);
        Assert.Equal(posted, Rows(world));
        world.Append(Hit.About("refund", "e:anna", Now + (before + after + 4) * 12 * Hour).Money("O-1", 200).Record());
        world.Run();
        var net = Net(world);
        Assert.All(net, row => Assert.True(row.Amount >= 0 && row.Share >= 0, row.ToString()));
        Assert.All(net.GroupBy(r => r.Model), model => Assert.Equal((800 * Money.Unit, 1_000_000L), (model.Sum(r => r.Amount), model.Sum(r => r.Share))));
        // The same touches as before, each with four fifths of what it had.
        Assert.Equal(posted.Where(r => r.Share > 0).Select(r => (r.Model, r.Touch, r.Share)).Order(), net.Where(r => r.Share > 0).Select(r => (r.Model, r.Touch, r.Share)).Order());
    }

    [Fact]
    public void A_changed_lookback_takes_back_what_was_posted_under_the_old_one()
    {
        using var world = new World.World();
        foreach (var day in new[] { 0, 20, 40 })
        {
            world.Append(Hit.Page("v1", Now + day * Day).Campaign(day == 0 ? "google" : day == 20 ? "newsletter" : "partner", day == 0 ? "cpc" : day == 20 ? "email" : "affiliate").Record());
            world.Run();
        }
        world.Append(Hit.Of("purchase", "v1", Now + 41 * Day).Money("O-1", 300).Email("anna").Record());
        world.Run();
        Assert.Equal(3, Net(world).Count(r => r.Model == "linear"));
        world.Publish(new PublishedRules { Version = 3, Site = new Site { Id = "demo", Hosts = ["shop.example"], LookbackDays = 10, Version = 3 } }, Now + 42 * Day);
        world.Append(Hit.Page("v1", Now + 43 * Day).Record());
        world.Run();
        Assert.Equal(3, Net(world).Count(r => r.Model == "linear"));
        world.Append(Hit.About("refund", "e:anna", Now + 44 * Day).Money("O-1", 100).Record());
        world.Run();
        Assert.Equal(("Affiliates", 200 * Money.Unit), Assert.Single(Net(world).Where(r => r.Model == "linear").Select(r => (r.Channel, r.Amount))));
        world.Publish(new PublishedRules { Version = 4, Site = new Site { Id = "demo", Hosts = ["shop.example"], LookbackDays = 90, Version = 4 } }, Now + 45 * Day);
        world.Restart();
        world.Append(Hit.About("refund", "e:anna", Now + 46 * Day).Money("O-1", 50).Record());
        world.Run();
        Assert.Equal([50 * Money.Unit, 50 * Money.Unit, 50 * Money.Unit], Net(world).Where(r => r.Model == "linear").Select(r => r.Amount));
        Assert.All(Net(world).GroupBy(r => r.Model), model => Assert.Equal((150 * Money.Unit, 1_000_000L), (model.Sum(r => r.Amount), model.Sum(r => r.Share))));
    }

    // Twice a day, so that hits are folded and their sessions dropped.
    private static void Visits(World.World world, int from, int count)
    {
        (string Source, string Medium)[] ways = [("google", "cpc"), ("newsletter", "email"), ("partner", "affiliate")];
        for (var i = from; i < from + count; i++)
            world.Append(Hit.Page("v1", Now + i * 12 * Hour).Campaign(ways[i % 3].Source, ways[i % 3].Medium, $"c{i % 7}").Record());
        world.Run();
    }

    private static List<(string Model, string Touch, string Channel, long Amount, long Share)> Rows(World.World world) =>
        [.. Fact.Of(world, RecordKind.CreditPosted).Where(f => f[Field.ConversionKind] == "order")
            .Select(f => (f[Field.Model], f.IdOf(Field.TouchId).ToString(), f[Field.Channel], f.Int(Field.Amount) * f.Int(Field.Sign), f.Int(Field.Share) * f.Int(Field.Sign)))];

    private static List<(string Model, string Touch, string Channel, long Amount, long Share)> Net(World.World world) =>
        [.. Rows(world).GroupBy(r => (r.Model, r.Touch, r.Channel)).Select(g => (g.Key.Model, g.Key.Touch, g.Key.Channel, Amount: g.Sum(r => r.Amount), Share: g.Sum(r => r.Share)))
            .Where(r => r.Amount != 0 || r.Share != 0)];
}
