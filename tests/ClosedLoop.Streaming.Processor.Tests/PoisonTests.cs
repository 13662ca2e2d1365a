using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>R16: what nobody can work on is kept as refused, whole or not at all, and the next record goes on.</summary>
public sealed class PoisonTests
{
    private const long Now = 1_795_000_000_000, Day = 86_400_000;

    [Fact]
    public void A_thousand_damaged_records_among_good_ones_stop_nothing()
    {
        var random = new Random(5);
        var traffic = new Traffic(5, 6, 3, Now, 10 * Day);
        using var world = new World.World();
        for (var i = 0; i < 1000; i++)
        {
            var record = traffic.Next().Record(Now + 10 * Day + i);
            world.Append(record);
            world.Partitions[i % 4].Hits.Add(Damaged(record, random));
        }
        world.Append(Hit.Page("last", Now + 11 * Day).Record());
        world.Run();
        Assert.NotNull(world.Visitor("last"));
        var all = world.Partitions.Select(p => p.Core.Bench.Counters).ToList();
        // One whose damage made it look like a message counts as sent on to here.
        Assert.Equal(all.Sum(c => c.Received + c.ForwardedIn - c.ForwardedOut), all.Sum(c => c.Stored + c.Duplicates + c.Refused + c.TotalsOnly));
        Assert.InRange(all.Sum(c => c.Poison), 1, 1000);
        Assert.Equal(all.Sum(c => c.Refused), Fact.Of(world, RecordKind.HitRefused).Count);
        Assert.Equal(all.Sum(c => c.Stored), Fact.Of(world, RecordKind.EventStored).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("x1")]
    [InlineData("l00")]
    public void An_event_of_nobody_is_refused(string key)
    {
        using var world = new World.World();
        world.Append(new RecordWriter().Begin(RecordKind.Event, Now, new Id(1, 2), "demo"u8, System.Text.Encoding.UTF8.GetBytes(key)).Add(Field.Name, "page_view").Written.ToArray());
        world.Run();
        var refused = Assert.Single(Fact.Of(world, RecordKind.HitRefused));
        Assert.Equal("unreadable_record", Read(refused)[Field.Reason]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_time_outside_the_calendar_is_refused(long at)
    {
        using var world = new World.World();
        world.Append(Hit.Of("purchase", "v1", at).Received(Now).Money("O-1", 1).Record());
        world.Run();
        Assert.Single(Fact.Of(world, RecordKind.HitRefused));
        Assert.Null(world.Visitor("v1"));
    }

    [Fact]
    public void A_person_who_grows_too_large_stays_as_it_was_and_the_hit_is_refused_whole()
    {
        using var world = new World.World();
        for (var browser = 0; browser < 12; browser++)
        {
            for (var i = 0; i < 100; i++)
                world.Append(Hit.Page($"v{browser}", Now + 10 + i, "/" + new string((char)('a' + browser), 400) + i)
                    .Campaign(new string('s', 190) + i, "email", new string('c', 190)).With(Field.Content, new string('x', 190)).Record());
            world.Append(Hit.Of("form_submit", $"v{browser}", Now + 2000 + browser).Email("aa").Record());
        }
        world.Append(Hit.Page("other", Now + 5000).Record());
        world.Run();
        Assert.NotNull(world.Visitor("other"));
        Assert.Contains(Fact.Of(world, RecordKind.HitRefused), f => Read(f)[Field.Reason] == "person_too_large");
        var all = world.Partitions.Select(p => p.Core.Bench.Counters).ToList();
        Assert.Equal(all.Sum(c => c.Received), all.Sum(c => c.Stored + c.Duplicates + c.Refused + c.TotalsOnly));
        Assert.Equal(all.Sum(c => c.Refused), Fact.Of(world, RecordKind.HitRefused).Count);
        Assert.True(world.Lead("e:aa")!.BrowserCount > 1);
    }

    [Fact]
    public void More_touches_than_can_share_a_conversion_keep_the_first_and_the_latest()
    {
        using var world = new World.World();
        for (var browser = 0; browser < 17; browser++)
        {
            for (var i = 0; i < 245; i++) world.Append(Hit.Page($"v{browser}", Now - 5000 + i).Campaign($"s{i % 2}", "email").Record());
            world.Append(Hit.Of("form_submit", $"v{browser}", Now - 2000 + browser).Email("aa").Record());
        }
        world.Append(Hit.About("purchase", "e:aa", Now).Money("O-1", 1).Record());
        world.Run();
        Assert.Equal(Books.Due(People.Of(world), SiteRules.Default), Books.Posted(world.Facts.Select(f => new Fact(f))));
    }

    private static byte[] Damaged(byte[] record, Random random)
    {
        var bytes = (byte[])record.Clone();
        switch (random.Next(4))
        {
            case 0: return bytes[..random.Next(bytes.Length)];
            case 1: random.NextBytes(bytes.AsSpan(random.Next(bytes.Length / 2))); return bytes;
            case 2: bytes[1] = (byte)random.Next(256); return bytes;
            default:
                for (var i = random.Next(1, 4); i > 0; i--) bytes[26 + random.Next(bytes.Length - 26)] = (byte)random.Next(256);
                return bytes;
        }
    }

    private static Fact Read(Fact refused) => new(refused.BytesOf(Field.Payload));
}
