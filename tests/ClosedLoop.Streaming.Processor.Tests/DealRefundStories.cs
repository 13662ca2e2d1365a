using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>A refund that names nobody finds the deal's person by the deal, or by the order that the deal became.</summary>
public sealed class DealRefundStories
{
    private const long Now = 1_795_000_000_000;

    [Theory]
    [InlineData("id:D-1", Field.DealId, "D-1")]
    [InlineData("io:O-7", Field.OrderId, "O-7")]
    public void A_refund_reaches_the_person_whatever_comes_first(string key, Field field, string id)
    {
        foreach (var order in new[] { "won refund", "refund won", "opened won refund", "opened refund won" })
        {
            using var world = new World.World();
            foreach (var word in order.Split(' '))
            {
                world.Append(word switch
                {
                    "opened" => Hit.About("deal_opened", "e:aa", Now).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Amount, Money.Unit).Record(),
                    "won" => Hit.About("deal_won", "e:aa", Now + 1).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.OrderId, "O-7").With(Field.Revenue, 1000 * Money.Unit).Record(),
                    _ => Refund(key, field, id),
                });
                world.Run();
            }
            Assert.True(world.Lead("e:aa")!.AsPerson(new Person()).TryNumber(NumberMeasure.Revenue, out var revenue));
            Assert.Equal(800, revenue);
            Assert.Equal(Books.Due(People.Of(world), SiteRules.Default), Books.Posted(world.Facts.Select(f => new Fact(f))));
        }
    }

    private static byte[] Refund(string key, Field field, string id) =>
        new RecordWriter().Begin(RecordKind.Event, Now + 5, Id.OfBytes("refund"u8), "demo"u8, System.Text.Encoding.UTF8.GetBytes(key))
            .Add(Field.Name, "refund").Add(Field.Flags, (long)EventFlags.Verified).Add(field, id).Add(Field.Revenue, 200 * Money.Unit).Written.ToArray();
}
