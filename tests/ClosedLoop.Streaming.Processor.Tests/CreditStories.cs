using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

public sealed class CreditStories
{
    private const long Now = 1_795_000_000_000;
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    [Fact]
    public void A_later_visit_never_changes_the_credit_of_an_earlier_order()
    {
        using var world = Bought();
        var before = Fact.Of(world, RecordKind.CreditPosted).Count;
        world.Append(Hit.Page("v1", Now + Day).Campaign("later", "cpc").Record());
        world.Append(Hit.Page("v1", Now + 2 * Day, "/x").Record());
        world.Run();
        Assert.Equal(before, Fact.Of(world, RecordKind.CreditPosted).Count);
        Balanced(world);
    }

    [Fact]
    public void A_late_touch_takes_credit_back_and_posts_it_anew()
    {
        using var world = Bought();
        world.Append(Hit.Page("v1", Now - 2 * Hour).Campaign("partner", "affiliate").Received(Now + Hour).Record());
        world.Run();
        var last = Fact.Of(world, RecordKind.CreditPosted).Where(f => f[Field.Model] == "last_touch" && f[Field.ConversionKind] == "order").ToList();
        Assert.Equal([("Email", 1L), ("Email", -1L), ("Affiliates", 1L)], last.Select(f => (f[Field.Channel], f.Int(Field.Sign))));
        Balanced(world);
    }

    [Fact]
    public void A_refund_corrects_conversion_and_credit_also_after_the_hand_over()
    {
        using var world = Bought();
        world.Append(Hit.Of("form_submit", "v1", Now + Minute).Email("aa").Record());
        world.Run();
        world.Append(Hit.About("refund", "e:aa", Now + Hour).Money("O-1", 30).Record());
        world.Run();
        var order = Assert.Single(Books.Conversion(Facts(world)), c => c.Contains(" order ", StringComparison.Ordinal));
        Assert.EndsWith($" {70 * Money.Unit} new 1", order, StringComparison.Ordinal);
        Balanced(world);
    }

    [Fact]
    public void A_late_touch_of_another_browser_of_the_person_counts_too()
    {
        using var world = Bought();
        foreach (var visitor in new[] { "v1", "phone" }) world.Append(Hit.Of("form_submit", visitor, Now - 20 * Day).Received(Now + 1).Email("aa").Record());
        world.Run();
        // The newest of the phone, but before what was bought on the laptop.
        world.Append(Hit.Page("phone", Now - Hour).Campaign("partner", "affiliate").Received(Now + 2).Record());
        world.Run();
        Assert.Contains(Fact.Of(world, RecordKind.CreditPosted), f => f[Field.Model] == "last_touch" && f[Field.ConversionKind] == "order" && f[Field.Channel] == "Affiliates");
        Balanced(world);
    }

    [Fact]
    public void One_order_told_of_two_browsers_is_one_order_once_they_are_one_person()
    {
        using var world = new World.World();
        foreach (var (visitor, i) in new[] { "v1", "v2" }.Select((v, i) => (v, i)))
        {
            world.Append(Hit.Page(visitor, Now + i).Campaign("news", "email").Record());
            world.Append(Hit.Of("purchase", visitor, Now + Minute + i).Money("O-1", 100).Record());
        }
        world.Run();
        foreach (var visitor in new[] { "v1", "v2" }) world.Append(Hit.Of("form_submit", visitor, Now + Hour).Email("aa").Record());
        world.Run();
        Assert.Single(Books.Conversion(Facts(world)), c => c.Contains(" order ", StringComparison.Ordinal));
        Balanced(world);
    }

    [Fact]
    public void What_no_touch_explains_is_unattributed_and_a_named_source_explains()
    {
        using var world = new World.World();
        world.Append(Hit.About("purchase", "e:aa", Now).Money("O-1", 10).Record());
        world.Append(Hit.About("purchase", "e:bb", Now).Money("O-2", 10).With(Field.HeardFrom, "podcast").Record());
        world.Run();
        var first = Fact.Of(world, RecordKind.CreditPosted).Where(f => f[Field.Model] == "first_touch" && f[Field.ConversionKind] == "order").ToList();
        Assert.Equal(["(unattributed)", "podcast"], first.Select(f => f[Field.Source].Length > 0 ? f[Field.Source] : f[Field.Channel]).Order(StringComparer.Ordinal));
        Assert.Equal("reported", Assert.Single(Fact.Of(world, RecordKind.TouchMade), f => f[Field.Source] == "podcast")[Field.Evidence]);
        Balanced(world);
    }

    [Fact]
    public void The_first_touch_has_no_lookback()
    {
        using var world = new World.World();
        world.Append(Hit.Page("v1", Now - 400 * Day).Campaign("fair", "affiliate").Received(Now - 400 * Day).Record());
        world.Append(Hit.Page("v1", Now - Day).Record());
        world.Append(Hit.Of("purchase", "v1", Now).Money("O-1", 10).Record());
        world.Run();
        var orders = Fact.Of(world, RecordKind.CreditPosted).Where(f => f[Field.ConversionKind] == "order").ToLookup(f => f[Field.Model], f => f[Field.Channel]);
        Assert.Equal(["Affiliates"], orders["first_touch"]);
        Assert.Equal(["Direct"], orders["last_non_direct"]);
        Balanced(world);
    }

    [Fact]
    public void What_sales_say_of_a_deal_is_told_word_by_word_and_only_a_won_one_is_credited()
    {
        using var world = new World.World();
        world.Append(Deal("deal_opened", Now, 100).Record());
        world.Append(Deal("deal_moved", Now + 1, 120).With(Field.DealStage, "offer").Record());
        world.Append(Deal("deal_won", Now + 2, 110).Record());
        world.Append(Hit.About("deal_opened", "e:bb", Now + 3).With(Field.DealId, "D-2").Record());
        world.Run();
        Assert.Equal(["open", "offer", "won"], Fact.Of(world, RecordKind.DealChanged).Select(f => f[Field.DealStage]));
        Assert.Single(Books.Conversion(Facts(world)), c => c.Contains(" deal ", StringComparison.Ordinal));
        // A deal without a key puts nobody in progress.
        Assert.Equal(["cold"], World.World.SegmentsOf(world.Lead("e:bb")!.Standing));
        Balanced(world);
    }

    private static World.World Bought()
    {
        var world = new World.World();
        world.Append(Hit.Page("v1", Now - 3 * Day, "/", "https://www.google.com/").Record());
        world.Append(Hit.Page("v1", Now - Day).Campaign("news", "email").Record());
        world.Append(Hit.Of("purchase", "v1", Now).Money("O-1", 100).Record());
        return world.Run();
    }

    private static IEnumerable<Fact> Facts(World.World world) => world.Facts.Select(f => new Fact(f));

    private static void Balanced(World.World world) => Assert.Equal(Books.Due(People.Of(world), SiteRules.Default), Books.Posted(Facts(world)));

    private static Hit Deal(string name, long at, decimal amount) => Hit.About(name, "e:aa", at).Flag(EventFlags.Verified)
        .With(Field.DealId, "D-1").With(name == "deal_won" ? Field.Revenue : Field.Amount, (long)(amount * Money.Unit));
}
