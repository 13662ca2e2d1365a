namespace ClosedLoop.Streaming.Segments.Tests;

/// <summary>Random sets that replace one another, random people, against plain dictionaries.</summary>
public sealed class MembershipPropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Judging_equals_the_naive_one_over_rule_changes(int seed)
    {
        var random = new Random(seed);
        var maker = new RuleMaker(random);
        var judgement = new Judgement();
        for (var i = 0; i < 300; i++)
        {
            byte[] membership = [];
            var naive = new SortedDictionary<string, (string? Group, long Since)>(StringComparer.Ordinal);
            var (set, meanings) = Publish(maker, random);
            for (var step = 0; step < 12; step++)
            {
                if (random.Next(4) == 0) (set, meanings) = Publish(maker, random);
                var now = Person.Now + step * Person.Day;
                var person = maker.Somebody();
                var expected = Naive(set, meanings, person, now, naive, first: membership.Length == 0);
                var stored = set.Judge(person, now, membership, judgement);
                Assert.Equal(expected, judgement.Changes.Select(c => (c.Segment.Name, c.Entered, c.First)).Order());
                if (stored) membership = judgement.Membership.ToArray();
                Assert.Equal(naive.Select(n => (n.Key, n.Value.Since)), MembershipReader.List(membership));
                Assert.All(judgement.Changes, c => Assert.True(c.Previous is null || (c.Entered && c.Previous.Group == c.Segment.Group && c.Segment.Group != null)));
                // A second judging finds nothing, and until due nothing changes.
                Assert.False(set.Judge(person, now, membership, judgement));
                if (judgement.NextDue < long.MaxValue) Assert.False(set.Judge(person, judgement.NextDue - 1, membership, judgement));
            }
        }
    }

    private static (RuleSet, Dictionary<string, Meant>) Publish(RuleMaker maker, Random random)
    {
        var meanings = new Dictionary<string, Meant>();
        var definitions = new List<SegmentDefinition>();
        foreach (var name in new[] { "cold", "warm", "lapsed", "p", "q", "r", "s" })
        {
            if (random.Next(3) == 0) continue;
            meanings[name] = maker.Rule(2);
            definitions.Add(new SegmentDefinition
            {
                Name = name, Rule = meanings[name].Text, Order = random.Next(3),
                Group = new[] { null, "lifecycle", "g" }[random.Next(3)],
            });
        }
        return (Sets.Of(definitions), meanings);
    }

    private static IEnumerable<(string, bool, bool)> Naive(RuleSet set, Dictionary<string, Meant> meanings, Person person, long now,
        SortedDictionary<string, (string? Group, long Since)> members, bool first)
    {
        var truth = set.Segments.Where(s => meanings[s.Name].Holds(person, now))
            .GroupBy(s => s.Group ?? $"alone {s.Name}").Select(g => g.First()).ToDictionary(s => s.Name, s => s.Group);
        var changes = new List<(string, bool, bool)>();
        var entered = truth.Where(t => !members.ContainsKey(t.Key)).ToList();
        var ended = members.Where(m => !truth.ContainsKey(m.Key)).ToList();
        foreach (var (name, _) in ended) members.Remove(name);
        foreach (var (name, group) in entered)
        {
            changes.Add((name, true, first));
            if (group is null) continue;
            var previous = ended.Where(e => (set.Find(e.Key) is { } known ? known.Group : e.Value.Group) == group)
                .OrderByDescending(e => e.Value.Since).ThenBy(e => e.Key, StringComparer.Ordinal).ToList();
            if (previous.Count > 0) ended.Remove(previous[0]);
        }
        changes.AddRange(ended.Select(e => (e.Key, false, false)));
        foreach (var (name, group) in truth) members[name] = (group, members.TryGetValue(name, out var known) ? known.Since : now);
        return changes.Order();
    }
}
