using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Simulation.Tests;

/// <summary>DESIGN.md §4, "Order doesn't matter more than it must": R9, R12 over browsers, identifiers and people.</summary>
public class ArrivalTests
{
    private const long From = Scenario.From, Day = Scenario.Day;
    private const int Rounds = 60;

    [Fact]
    public void Any_arrival_within_three_days_gives_the_same_people_and_the_same_books()
    {
        for (var seed = 1; seed <= Rounds; seed++)
        {
            var hits = Hits(seed);
            var expected = Outcome(hits, 4, seed);
            for (var order = 0; order < 3; order++)
            {
                var random = new Random(seed * 100 + order);
                var arrived = hits.OrderBy(h => h.At + random.NextInt64(Limits.LateMsMax)).ToList();
                Same(expected, Outcome(arrived, 4, seed), $"seed {seed}, order {order}");
            }
        }
    }

    [Fact]
    public void Delivered_one_to_twenty_times_is_delivered_once()
    {
        for (var seed = 1; seed <= Rounds / 2; seed++)
        {
            var hits = Hits(seed).Where(h => Seen.Of(h.Record(h.At))[Field.EventId].Length > 0).ToList();
            var random = new Random(seed);
            var many = hits.SelectMany(h => Enumerable.Range(0, random.Next(1, 21)).Select(n => (Hit: n == 0 ? h : h.Again($"{n} {h.Seed}"), At: h.At + (n == 0 ? 0 : random.Next(600_000)))))
                .OrderBy(h => h.At).Select(h => h.Hit).ToList();
            Same(Outcome(hits, 3, seed), Outcome(many, 3, seed), $"seed {seed}");
        }
    }

    [Fact]
    public void What_was_merged_and_unmerged_is_as_if_it_had_never_been_merged()
    {
        for (var seed = 1; seed <= Rounds; seed++)
        {
            var random = new Random(seed);
            var visitors = random.Next(2, 6);
            var traffic = new Traffic(seed, visitors, random.Next(1, 4), From, 20 * Day);
            List<Sent> hits = [.. Enumerable.Range(0, visitors * random.Next(5, 25)).Select(_ => traffic.Next())];
            var merges = new Meetings(traffic, visitors, 1, From, 15 * Day).Some(random.Next(1, 8), undone: true).ToList();
            // Merged with itself a browser stays what it is, and remembers the same event.
            var plain = merges.Select(m => m with { Hit = Hit.Of(m.Name, m.Visitor, m.At).With(Field.OtherVisitorId, m.Visitor) });
            var anyhow = merges.Select(m => m with { Hit = Hit.Of(m.Name, m.Visitor, m.At).With(Field.OtherVisitorId, m.Person) });
            Same(Outcome(hits.Concat(plain).OrderBy(h => h.At), 3, seed), Outcome(hits.Concat(anyhow).OrderBy(h => h.At), 3, seed), $"seed {seed}");
        }
    }

    [Fact]
    public void The_number_of_partitions_changes_no_fact_about_people()
    {
        for (var seed = 1; seed <= Rounds / 2; seed++)
        {
            // Joins take several messages to and fro: on the way there other facts are true for a moment, in the end the same.
            var hits = Hits(seed);
            if (seed % 2 == 0) Same(Outcome(hits, 1, seed), Outcome(hits, 16, seed), $"seed {seed}");
            else foreach (var partitions in new[] { 3, 16 }) Assert.Equal(Facts(hits, 1), Facts(hits, partitions));
        }
    }

    private static List<Sent> Hits(int seed)
    {
        var random = new Random(seed);
        var visitors = random.Next(1, 6);
        var people = random.Next(1, 4);
        var traffic = new Traffic(seed, visitors, people, From, 20 * Day);
        List<Sent> hits = [.. Enumerable.Range(0, visitors * random.Next(5, 25)).Select(_ => traffic.Next())];
        if (seed % 2 == 0) hits.AddRange(new Meetings(traffic, visitors, people, From, 20 * Day).Some(random.Next(1, 12)));
        return [.. hits.OrderBy(h => h.At)];
    }

    private static SortedDictionary<string, string> Outcome(IEnumerable<Sent> hits, int partitions, int seed)
    {
        using var world = new World.World(partitions, [.. NaiveRule.Sets[seed % NaiveRule.Sets.Count].Select(r => r.Setting)], publishedMs: From);
        var random = new Random(seed);
        var now = From + Day;
        foreach (var hit in hits)
        {
            now = Math.Max(now + 1, hit.At);
            world.Append(hit.Record(now));
            if (random.Next(3) == 0) world.Run();
        }
        world.Run();
        world.Tick(From + 60 * Day);
        world.Run();
        var people = People.Of(world);
        Assert.DoesNotContain(people, p => p.Person.Parts.Any(part => part.Capped));
        var facts = world.Facts.Select(f => new Fact(f)).ToList();
        Assert.Equal(Books.Due(people, SiteRules.Default), Books.Posted(facts));
        var outcome = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var p in people.Where(p => p.Standing.WasJudged)) outcome[Who(p)] = $"{string.Join(' ', p.Segments.Order(StringComparer.Ordinal))}\n{Projection.Of(p.Person)}";
        outcome["books"] = string.Join('\n', Books.Posted(facts).Select(b => $"{b.Key} {b.Value}"));
        outcome["conversions"] = string.Join('\n', Books.Conversion(facts));
        outcome["sessions"] = string.Join('\n', Rows.Sessions(facts));
        outcome["touches"] = string.Join('\n', Rows.Touches(facts));
        return outcome;
    }

    // Which of several leads names a person depends on who was heard of first; who belongs to it doesn't.
    private static string Who(Judged person) => string.Join(' ', Enumerable.Range(0, person.Person.Parts.Count).Where(i => !person.Person.Parts[i].IsEmpty)
        .Select(i => System.Text.Encoding.UTF8.GetString(person.KeyOf(i))).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Facts(IEnumerable<Sent> hits, int partitions)
    {
        using var world = new World.World(partitions, publishedMs: From);
        var now = From;
        foreach (var hit in hits)
        {
            now = Math.Max(now + 1, hit.At);
            world.Append(hit.Record(now));
            // One after the other, so that only the number of partitions differs and not who is first.
            world.Run();
        }
        world.Tick(From + 60 * Day);
        world.Run();
        return [.. world.Facts.Select(Convert.ToHexString).Order(StringComparer.Ordinal)];
    }

    private static void Same(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual, string run)
    {
        Assert.True(expected.Keys.SequenceEqual(actual.Keys), $"{run}:\n{string.Join('\n', expected.Keys)}\n— but —\n{string.Join('\n', actual.Keys)}");
        foreach (var (key, text) in expected)
        {
            if (text == actual[key]) continue;
            var differs = text.Split('\n').Except(actual[key].Split('\n')).Take(4).Concat(["— instead of —"]).Concat(actual[key].Split('\n').Except(text.Split('\n')).Take(4));
            Assert.Fail($"{run}, {key}:\n{string.Join('\n', differs)}");
        }
    }
}
