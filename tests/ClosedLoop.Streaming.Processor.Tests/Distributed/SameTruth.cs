using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>What lies in Redis and in Kafka against what the core alone made of the same hits.</summary>
internal static class SameTruth
{
    public static async Task CompareAsync(World.World world, KafkaLog log, RedisStatesOptions redis, int received)
    {
        using var link = await RedisLink.OpenAsync(redis);
        var states = new List<(byte[], byte[])>();
        var facts = new List<Fact>();
        var total = new Counters();
        await using var journal = new RedisJournal(link, log, log);
        for (var p = 0; p < log.Partitions; p++)
        {
            await foreach (var state in new RedisSavedStates(link).ScanAsync(p, CancellationToken.None)) states.Add(state);
            facts.AddRange(await FactsAsync(log, p));
            using var shelf = new Shelf();
            Add(total, Counters.Read((await journal.OpenAsync(p, shelf, CancellationToken.None)).Counters.Span));
        }
        Assert.Equal(facts.Count, facts.Select(f => f.Id).Distinct().Count());
        Assert.Equal(received, total.Received);
        Assert.Equal(total.Received, total.Stored + total.Duplicates + total.Refused + total.TotalsOnly);
        Assert.Equal(total.ForwardedOut, total.ForwardedIn);

        var (expected, actual) = (World.People.Of(world), World.People.Of(states));
        Assert.Equal(expected.Where(p => p.Standing.WasJudged).Select(Told), actual.Where(p => p.Standing.WasJudged).Select(Told));
        var known = world.Facts.Select(f => new Fact(f)).ToList();
        Assert.Equal(Books.Posted(known), Books.Posted(facts));
        Assert.Equal(Books.Due(actual, SiteRules.Default), Books.Posted(facts));
        Assert.Equal(Books.Conversion(known), Books.Conversion(facts));
        Assert.Equal(Rows.Sessions(known), Rows.Sessions(facts));
        Assert.Equal(Rows.Touches(known), Rows.Touches(facts));
    }

    private static string Told(Judged who) => $"{who.Key}\n{string.Join(' ', who.Segments.Order(StringComparer.Ordinal))}\n{Projection.Of(who.Person)}";

    private static async Task<List<Fact>> FactsAsync(KafkaLog log, int partition)
    {
        var facts = new List<Fact>();
        for (var next = 0L; next < log.EndOffset(Topic.Facts, partition);)
        {
            var slice = await log.ReadAsync(Topic.Facts, partition, next, 1 << 20, CancellationToken.None);
            foreach (var record in slice) facts.Add(new Fact(record.ToArray()));
            next = slice.Next;
        }
        return facts;
    }

    private static void Add(Counters total, Counters one)
    {
        total.Received += one.Received;
        total.Stored += one.Stored;
        total.Duplicates += one.Duplicates;
        total.Refused += one.Refused;
        total.TotalsOnly += one.TotalsOnly;
        total.ForwardedOut += one.ForwardedOut;
        total.ForwardedIn += one.ForwardedIn;
    }
}
