using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>What a shop or a CRM says of an order or deal without naming anybody reaches whoever it belongs to.</summary>
public sealed class OrderStories
{
    private const long Now = 1_795_000_000_000;
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    [Fact]
    public void A_refund_that_names_nobody_finds_its_buyer_before_and_after_the_purchase()
    {
        using var world = new World.World(partitions: 8);
        world.Append(Hit.About("refund", "o:O-1", Now).Money("O-1", 10).Record());
        world.Run();
        Assert.Empty(People.Of(world));
        world.Append(Hit.Of("purchase", "v1", Now - Hour).Money("O-1", 100).Record());
        world.Append(Hit.About("deal_won", "d:D-1", Now).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Revenue, 7 * Money.Unit).Record());
        world.Run();
        world.Append(Hit.About("refund", "o:O-1", Now + 1).Money("O-1", 5).Record());
        world.Append(Hit.About("deal_opened", "e:aa", Now - Day).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Amount, 5 * Money.Unit).Record());
        world.Run();
        Assert.Equal(85 * Money.Unit, new Person().Of(world.Visitor("v1")!.History).Orders().Revenue);
        Assert.True(world.Lead("e:aa")!.AsPerson(new Person()).TryNumber(NumberMeasure.Revenue, out var revenue));
        Assert.Equal(7, revenue);
        Assert.Equal(5, Fact.Of(world, RecordKind.EventStored).Count);
        Soundness.Check(world);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refund_that_names_a_deal_as_its_order_finds_the_deal_unless_somebody_bought_that_order(bool isBought)
    {
        using var world = new World.World(partitions: 8);
        world.Append(Hit.About("deal_opened", "e:aa", Now - Day).Flag(EventFlags.Verified).With(Field.DealId, "17").With(Field.Amount, 900 * Money.Unit).Record());
        world.Append(Hit.About("deal_won", "d:17", Now - Hour).Flag(EventFlags.Verified).With(Field.DealId, "17").With(Field.Revenue, 1000 * Money.Unit).Record());
        world.Run();
        if (isBought) world.Append(Hit.Of("purchase", "v1", Now - Hour).Money("17", 300).Record());
        world.Run();
        world.Append(Hit.About("refund", "o:17", Now).Money("17", 200).Record());
        world.Run();
        Assert.True(world.Lead("e:aa")!.AsPerson(new Person()).TryNumber(NumberMeasure.Revenue, out var deals));
        Assert.Equal(isBought ? 1000 : 800, deals);
        if (isBought) Assert.Equal(100 * Money.Unit, new Person().Of(world.Visitor("v1")!.History).Orders().Revenue);
        Soundness.Check(world);
    }
}
