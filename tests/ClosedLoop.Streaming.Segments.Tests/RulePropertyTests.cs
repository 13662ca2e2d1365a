namespace ClosedLoop.Streaming.Segments.Tests;

public sealed class RulePropertyTests
{
    private const int Cases = 1_500;

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void A_rule_means_what_it_says(int seed)
    {
        var random = new Random(seed);
        var maker = new RuleMaker(random);
        for (var i = 0; i < Cases; i++)
        {
            var meant = maker.Rule();
            var rule = Sets.Compile(meant.Text);
            for (var n = 0; n < 3; n++)
            {
                var person = maker.Somebody();
                var now = Person.Now + random.Next(0, 6) * Person.Day / 2 + random.Next(-1, 2);
                Assert.True(meant.Holds(person, now) == rule.Holds(person, now), $"seed {seed}, case {i}: {meant.Text}");
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_answer_is_constant_until_it_is_due_and_flips_are_never_missed(int seed)
    {
        var random = new Random(seed);
        var maker = new RuleMaker(random);
        int due = 0, flipped = 0;
        for (var i = 0; i < Cases; i++)
        {
            var meant = maker.Rule();
            var rule = Sets.Compile(meant.Text);
            var person = maker.Somebody();
            var truth = meant.Holds(person, Person.Now);
            var next = rule.NextDue(person, Person.Now);
            Assert.True(next > Person.Now);
            foreach (var moment in Critical(person))
                if (moment > Person.Now && moment < next)
                    Assert.True(meant.Holds(person, moment) == truth, $"seed {seed}, case {i}: {meant.Text} changes {moment - Person.Now} ms from now, due {next - Person.Now}");
            if (next == long.MaxValue) continue;
            due++;
            if (meant.Holds(person, next) != truth) flipped++;
        }
        // Not a law, but wakings must mostly be worth it, or millions of sleeping people would cost something.
        Assert.True(flipped * 3 > due, $"{flipped} of {due} due times changed the answer");
    }

    /// <summary>Every millisecond at which any rule of the maker can change for this person.</summary>
    private static IEnumerable<long> Critical(Person person)
    {
        var moments = person.Moments.Values.Concat(person.Forms.Values).Concat(person.Events.Select(e => e.AtMs)).Distinct();
        return moments.SelectMany(moment => Enumerable.Range(0, 30).SelectMany(half => new[]
        {
            moment + half * Person.Day / 2 - 1, moment + half * Person.Day / 2, moment + half * Person.Day / 2 + 1,
        })).Order();
    }
}
