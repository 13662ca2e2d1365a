using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>What holds of the ledger for every journey: two browsers, a person, orders, deals, refunds, in every order of arrival within three days.</summary>
public sealed class CreditProperties
{
    private const long Start = 1_795_000_000_000, Minute = 60_000;
    private const int Minutes = 3 * 24 * 60 - 60;

    private static void Holds(Func<int, bool> law) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(120), Prop.ForAll(ArbMap.Default.ArbFor<int>(), law));

    [Fact]
    public void No_touch_after_its_conversion_ever_gets_credit() => Holds(seed =>
    {
        using var world = Run(Journey(seed));
        return Posted(world).All(f => f.Int(Field.TouchMs) <= f.Int(Field.OccurredMs));
    });

    [Fact]
    public void Every_conversion_is_credited_whole_under_every_model() => Holds(seed =>
    {
        using var world = Run(Journey(seed));
        var values = Fact.Of(world, RecordKind.ConversionMade).GroupBy(f => f.IdOf(Field.ConversionId)).Select(g => g.MaxBy(f => f.Int(Field.Version))!)
            .Where(f => f.Int(Field.Deleted) == 0).ToDictionary(f => f.IdOf(Field.ConversionId), f => f.Int(Field.Revenue));
        var sums = Posted(world).GroupBy(f => (Conversion: f.IdOf(Field.ConversionId), Model: f[Field.Model]))
            .Select(g => (g.Key, Amount: g.Sum(f => f.Int(Field.Amount) * f.Int(Field.Sign)), Share: g.Sum(f => f.Int(Field.Share) * f.Int(Field.Sign)))).ToList();
        return values.Keys.All(c => ModelNames.All.All(m => sums.Any(s => s.Key == (c, ModelNames.Of(m)) && s.Share == CreditRow.ShareWhole)))
            && sums.All(s => values.TryGetValue(s.Key.Conversion, out var value) ? s.Amount == value : s is { Amount: 0, Share: 0 });
    });

    [Fact]
    public void A_later_visit_never_changes_the_credit_of_an_earlier_conversion() => Holds(seed =>
    {
        using var world = Run(Journey(seed));
        var before = Posted(world).Count;
        var dice = new Random(seed);
        for (var i = 1; i <= 8; i++)
        {
            var visit = Hit.Page(dice.Next(2) == 0 ? "laptop" : "phone", Start + (Minutes + i * dice.Next(1, 3_000)) * Minute, $"/later-{i}");
            world.Append((dice.Next(2) == 0 ? visit.Campaign("later", "cpc", $"c{i}") : visit).Record());
            world.Run();
        }
        return Posted(world).Count == before;
    });

    [Fact]
    public void The_order_of_arrival_does_not_matter() => Holds(seed =>
    {
        var journey = Journey(seed);
        using var one = Run(journey);
        var dice = new Random(seed ^ 0x5EED);
        using var other = Run([.. journey.OrderBy(_ => dice.Next())]);
        return Net(one).SequenceEqual(Net(other));
    });

    private static World.World Run(IReadOnlyList<byte[]> records)
    {
        var world = new World.World();
        foreach (var record in records) world.Append(record);
        return world.Run();
    }

    // All received at the end, so that each may come at any place.
    private static List<byte[]> Journey(int seed)
    {
        var dice = new Random(seed);
        long At() => Start + dice.Next(Minutes) * Minute;
        var hits = new List<Hit>();
        for (var i = dice.Next(1, 9); i > 0; i--)
        {
            var visit = Hit.Page(dice.Next(2) == 0 ? "laptop" : "phone", At(), $"/p{dice.Next(4)}");
            hits.Add(dice.Next(4) switch { 0 => visit, 1 => visit.Campaign("google", "cpc"), 2 => visit.Campaign("newsletter", "email", "autumn"), _ => visit.Campaign("partner", "affiliate") });
        }
        foreach (var browser in new[] { "laptop", "phone" })
            if (dice.Next(3) > 0) hits.Add(Hit.Of("form_submit", browser, At()).With(Field.PageUrl, "https://shop.example/contact").Email("anna"));
        for (var i = dice.Next(3); i > 0; i--)
        {
            var money = dice.Next(1, 100_000) / 100m;
            hits.Add(Hit.About("purchase", "e:anna", At()).Money($"O-{i}", money));
            if (dice.Next(3) == 0) hits.Add(Hit.About("refund", "e:anna", At()).Money($"O-{i}", dice.Next(1, 60_000) / 100m));
        }
        if (dice.Next(2) == 0) hits.Add(Deal("deal_opened", At(), Field.Amount, dice));
        if (dice.Next(2) == 0) hits.Add(Deal("deal_won", At(), Field.Revenue, dice));
        if (dice.Next(3) == 0) hits.Add(Hit.About("stage_changed", "e:anna", At()).Flag(EventFlags.Verified).With(Field.Stage, "mql"));
        return [.. hits.Select((hit, i) => hit.Received(Start + Minutes * Minute).Record($"journey {seed} {i}"))];
    }

    private static Hit Deal(string name, long at, Field field, Random dice) =>
        Hit.About(name, "e:anna", at).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(field, dice.Next(1, 500_000) * 100L);

    private static IReadOnlyList<Fact> Posted(World.World world) => Fact.Of(world, RecordKind.CreditPosted);

    private static List<(Id Conversion, string Model, Id Touch, long Amount, long Share)> Net(World.World world) =>
        [.. Posted(world).GroupBy(f => (f.IdOf(Field.ConversionId), f[Field.Model], f.IdOf(Field.TouchId)))
            .Select(g => (g.Key.Item1, g.Key.Item2, g.Key.Item3, g.Sum(f => f.Int(Field.Amount) * f.Int(Field.Sign)), g.Sum(f => f.Int(Field.Share) * f.Int(Field.Sign))))
            .Where(r => r.Item4 != 0 || r.Item5 != 0).OrderBy(r => r)];
}
