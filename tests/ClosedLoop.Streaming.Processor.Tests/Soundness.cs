using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

internal static class Soundness
{
    /// <summary>The books are those of the states, every hit was counted once, and the numbers of changes grow per person.</summary>
    public static void Check(World.World world)
    {
        var facts = world.Facts.Select(f => new Fact(f)).ToList();
        Assert.Equal(Books.Due(People.Of(world), SiteRules.Default), Books.Posted(facts));
        Assert.Equal(facts.Count, facts.DistinctBy(f => f.Id).Count());
        var all = world.Partitions.Select(p => p.Core.Bench.Counters).ToList();
        Assert.Equal(all.Sum(c => c.Received), all.Sum(c => c.Stored + c.Duplicates + c.Refused + c.TotalsOnly));
        Assert.Equal(all.Sum(c => c.ForwardedOut), all.Sum(c => c.ForwardedIn));
        Assert.Equal(0, all.Sum(c => c.Poison));
        foreach (var person in facts.Where(f => f.Int(Field.Sequence) > 0).GroupBy(f => f.Key))
            Assert.Equal(person.Count(), person.Select(f => f.Int(Field.Sequence)).Distinct().Count());
    }
}
