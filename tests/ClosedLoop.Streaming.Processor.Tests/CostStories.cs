using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

public sealed class CostStories
{
    private const long Now = 1_795_000_000_000;

    [Fact]
    public void A_cost_gets_the_channel_that_a_session_of_the_campaign_gets()
    {
        using var world = new World.World(site: new Site { Id = "demo", Hosts = ["shop.example"], ChannelRules = [new ChannelRuleSetting("Partners", Source: "acme*")] });
        foreach (var (source, medium) in new[] { ("google", "cpc"), ("acme-blog", "cpc"), ("newsletter", "email"), (" google ", "cpc") })
        {
            world.Append(Cost($"{source}|{medium}", source, medium, 10));
            world.Append(Hit.Page(source.Trim() + medium, Now).Campaign(source, medium).Record());
        }
        world.Run();
        var costs = Fact.Of(world, RecordKind.CostStated).Select(f => (f[Field.Channel], f[Field.Source], f[Field.Medium])).ToHashSet();
        var touches = Fact.Of(world, RecordKind.SessionChanged).Select(f => (f[Field.Channel], f[Field.Source], f[Field.Medium])).ToHashSet();
        Assert.Equal(touches, costs);
        Assert.Contains(("Partners", "acme-blog", "cpc"), costs);
    }

    [Fact]
    public void The_same_statement_tells_nothing_and_another_one_replaces()
    {
        using var world = new World.World();
        foreach (var amount in new[] { 10L, 10L, 12L, 12L, 10L })
        {
            world.Append(Cost("k", "google", "cpc", amount));
            world.Run();
        }
        Assert.Equal([(10L, 1L), (12L, 2L), (10L, 3L)], Fact.Of(world, RecordKind.CostStated).Select(f => (f.Int(Field.Amount) / Money.Unit, f.Int(Field.Version))));
        world.Restart();
        world.Append(Cost("k", "google", "cpc", 10));
        world.Run();
        Assert.Equal(3, Fact.Of(world, RecordKind.CostStated).Count);
    }

    [Fact]
    public void A_link_whose_campaign_was_renamed_takes_its_old_row_away()
    {
        using var world = new World.World();
        world.Append(Cost("link", "flyer", "print", 10, "flyer-7"));
        world.Append(Cost("link", "poster", "print", 10, "flyer-7"));
        world.Run();
        Assert.Equal([("flyer", 0L, 1L), ("flyer", 1L, 2L), ("poster", 0L, 3L)],
            Fact.Of(world, RecordKind.CostStated).Select(f => (f[Field.Source], f.Int(Field.Deleted), f.Int(Field.Version))));
        Assert.All(Fact.Of(world, RecordKind.CostStated), f => Assert.Equal("Offline", f[Field.Channel]));
    }

    [Fact]
    public void A_run_brings_its_facts_and_nothing_else()
    {
        using var world = new World.World();
        var fact = new RecordWriter().Begin(RecordKind.CreditPosted, Now, Id.OfBytes("a"u8), "demo"u8, "vv1"u8).Add(Field.Model, "markov").Written.ToArray();
        var foreign = new RecordWriter().Begin(RecordKind.SegmentChanged, Now, Id.OfBytes("b"u8), "demo"u8, "vv1"u8).Written.ToArray();
        foreach (var payload in new[] { Framed(fact), Framed(foreign), [1, 2, 3] })
            world.Append(new RecordWriter().Begin(RecordKind.CreditRun, Now, Id.OfBytes(payload), "demo"u8, default).Add(Field.Payload, payload).Written.ToArray());
        world.Run();
        Assert.Equal(fact, Assert.Single(world.Facts, f => (RecordKind)f[1] == RecordKind.CreditPosted));
        Assert.Equal(2, Fact.Of(world, RecordKind.HitRefused).Count);
        Assert.Empty(Fact.Of(world, RecordKind.SegmentChanged));
    }

    private static byte[] Framed(byte[] record) => [.. BitConverter.GetBytes(record.Length), .. record];

    private static byte[] Cost(string key, string source, string medium, long amount, string? slug = null) =>
        new RecordWriter().Begin(RecordKind.CostGiven, Now, Id.OfBytes(Encoding.UTF8.GetBytes($"{key} {source} {amount}")), "demo"u8, Encoding.UTF8.GetBytes("c" + Id.OfBytes(Encoding.UTF8.GetBytes(key))))
            .Add(Field.Date, 20_000L).Add(Field.Source, source).Add(Field.Medium, medium).Add(Field.LinkSlug, slug).Add(Field.LinkChannel, slug is null ? null : "Offline")
            .Add(Field.Amount, amount * Money.Unit).Add(Field.Currency, "EUR").Written.ToArray();
}
