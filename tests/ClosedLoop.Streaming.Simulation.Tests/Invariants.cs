using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>What must hold after every run, whatever happened in it.</summary>
internal static class Invariants
{
    public static void Check(Scenario run)
    {
        var facts = run.Engine.Journals.SelectMany(j => j.Facts).Select(f => new Fact(f)).ToList();
        EqualIdsAreEqualBytes(facts);
        var distinct = facts.DistinctBy(f => f.Id).ToList();
        EveryHitOnce(run, distinct);
        CountersAddUp(run);
        SequencesGoOn(run);
        var people = People.Of(run.Engine.Journals.SelectMany(j => j.States.Select(s => (s.Key, s.State))));
        if (people.Any(p => p.Person.Parts.Any(part => part.Capped))) throw new InvalidOperationException("the traffic met a cap: it is too much for what is checked");
        if (!run.IsByRule) MembershipIsAsNaive(run, people);
        Assert.Equal(Books.Due(people, SiteRules.Default), Books.Posted(distinct));
        ReplayIsTheSame(run, distinct);
    }

    private static void EqualIdsAreEqualBytes(List<Fact> facts)
    {
        foreach (var same in facts.GroupBy(f => f.Id))
            foreach (var fact in same.Skip(1))
                Assert.True(fact.Bytes.AsSpan().SequenceEqual(same.First().Bytes), $"two facts {fact.Kind} with the id {fact.Id}");
    }

    private static void EveryHitOnce(Scenario run, List<Fact> facts)
    {
        var stored = facts.Where(f => f.Kind == RecordKind.EventStored).Select(f => new Fact(f.BytesOf(Field.Payload)).Id).Order().ToList();
        Assert.Equal(run.Events.Select(e => e.Record.Id).Order(), stored);
        Assert.Equal(run.Refused + run.Unreadable, facts.Count(f => f.Kind == RecordKind.HitRefused));
        Assert.Equal(run.Totals, facts.Count(f => f.Kind == RecordKind.TotalsCounted));
    }

    private static void CountersAddUp(Scenario run)
    {
        var all = run.Engine.Journals.Select(j => Counters.Read(j.Counters)).ToList();
        Assert.Equal(run.Events.Count + run.Repeated + run.Refused + run.Totals + run.Unreadable, all.Sum(c => c.Received));
        Assert.Equal(run.Events.Count, all.Sum(c => c.Stored));
        Assert.Equal(run.Repeated, all.Sum(c => c.Duplicates));
        Assert.Equal(run.Refused + run.Unreadable, all.Sum(c => c.Refused));
        Assert.Equal(run.Totals, all.Sum(c => c.TotalsOnly));
        Assert.Equal(all.Sum(c => c.ForwardedOut), all.Sum(c => c.ForwardedIn));
    }

    // Published in order and without repetition; without gap, but for what somebody had counted elsewhere before joining or parting.
    private static void SequencesGoOn(Scenario run)
    {
        var linked = run.Engine.Journals.SelectMany(j => j.Facts).Select(f => new Fact(f)).Where(f => f.Kind == RecordKind.LeadLinked).Select(f => "v" + f[Field.VisitorId]).ToHashSet();
        foreach (var journal in run.Engine.Journals)
            foreach (var person in journal.Facts.Select(f => new Fact(f)).Where(f => f.Int(Field.Sequence) > 0).DistinctBy(f => f.Id).GroupBy(f => f.Key))
            {
                var numbers = person.Select(f => f.Int(Field.Sequence)).ToList();
                for (var i = 1; i < numbers.Count; i++) Assert.True(numbers[i] > numbers[i - 1], $"{person.Key}: {numbers[i]} after {numbers[i - 1]}");
                if (person.Key[0] == 'v' && !linked.Contains(person.Key)) Assert.Equal(numbers.Count, numbers[^1]);
            }
    }

    private static void MembershipIsAsNaive(Scenario run, IReadOnlyList<Judged> people)
    {
        var expected = new NaivePeople(run.Events).Groups
            .Select(g => $"[{g.Visitors}] {string.Join(' ', g.Person.Segments(run.Now, run.Rules))}, {g.Person.PageViews} pages, paid {g.Person.Paid}");
        var actual = people.Where(p => p.Standing.WasJudged)
            .Select(p => $"[{Visitors(p)}] {string.Join(' ', p.Segments.Order(StringComparer.Ordinal))}, {p.Person.PageViews} pages, paid {p.Person.Orders().Revenue}");
        var (due, found) = (string.Join("\n", expected.Order(StringComparer.Ordinal)), string.Join("\n", actual.Order(StringComparer.Ordinal)));
        Assert.True(due == found, $"\n{due}\n— but —\n{found}");
    }

    private static string Visitors(Judged person) => string.Join(' ', Enumerable.Range(0, person.Person.Parts.Count)
        .Where(i => person.KeyOf(i)[0] == (byte)'v' && !person.Person.Parts[i].IsEmpty).Select(i => "v:" + System.Text.Encoding.UTF8.GetString(person.KeyOf(i)[1..]))
        .Order(StringComparer.Ordinal));

    private static void ReplayIsTheSame(Scenario run, List<Fact> facts)
    {
        var told = new HashSet<Id>();
        for (var p = 0; p < run.Engine.Journals.Count; p++)
        {
            var log = run.Engine.Hits[p].ToList();
            using var owner = new Owner(run.Engine.Hits.Count, log, new Journal(run.Engine.Hits));
            var states = new Dictionary<string, string>();
            for (var round = 0; owner.HasWork || round++ == 0;)
            {
                // The replay re-judges by new rules after its last clock record, the run did before: here is one more.
                if (!owner.HasWork) log.Add(run.LastTick);
                var step = owner.Work(1000, sweep: false);
                foreach (var (key, due, state) in step.States) states[Convert.ToHexString(key)] = $"{due} {Convert.ToHexString(state)}";
                foreach (var fact in step.Facts) told.Add(new Fact(fact).Id);
            }
            var live = run.Engine.Journals[p].States.ToDictionary(s => Convert.ToHexString(s.Key), s => $"{s.Due} {Convert.ToHexString(s.State)}");
            Assert.Equal(live.Keys.Order(StringComparer.Ordinal), states.Keys.Order(StringComparer.Ordinal));
            foreach (var (key, state) in live) Assert.True(state == states[key], $"{System.Text.Encoding.UTF8.GetString(Convert.FromHexString(key))}:\n{state}\n— replayed —\n{states[key]}");
        }
        Assert.Equal(facts.Select(f => f.Id).Order(), told.Order());
    }
}
