using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>stage.changed: one per change, in order, also when the CRM tells its story backwards.</summary>
public sealed class StageStories
{
    private const long Now = StageWords.Now;
    private const long Day = 86_400_000;

    /// <summary>Words "hour what", in the order in which they arrive; expected: previous→stage reason, by sequence.</summary>
    [Theory]
    [InlineData("0 form, 1 mql, 2 sql, 3 opened, 4 won", "visitor→lead, lead→mql, mql→sql, sql→customer")]
    [InlineData("4 won, 3 opened, 2 sql, 1 mql, 0 form", "visitor→customer")]
    [InlineData("0 form, 4 won, 3 opened, 1 mql", "visitor→lead, lead→customer")]
    [InlineData("0 form, 2 customer, 1 mql", "visitor→lead, lead→customer")]
    [InlineData("0 form, 2 customer, 3 mql", "visitor→lead, lead→customer")]
    [InlineData("0 form, 2 customer, 3 mql!", "visitor→lead, lead→customer, customer→mql why")]
    [InlineData("3 mql!, 0 form, 2 customer", "visitor→mql why")]
    [InlineData("0 form, 3 sql, 2 lead!, 1 mql", "visitor→lead, lead→sql")]
    [InlineData("0 form, 1 opened, 2 lost", "visitor→lead, lead→lost price")]
    [InlineData("2 lost, 1 opened, 0 form", "visitor→lost price")]
    [InlineData("0 sql, 1 opened, 2 lost, 3 opened", "visitor→sql, sql→lost price, lost→sql")]
    [InlineData("0 sql, 1 opened, 3 opened, 2 lost", "visitor→sql")]
    [InlineData("0 sql, 1 opened, 2 lost, 3 opened, 4 won", "visitor→sql, sql→lost price, lost→sql, sql→customer")]
    [InlineData("0 opened, 4 won, 2 lost", "visitor→lead, lead→customer")]
    [InlineData("0 form, 1 gone!, 2 form, 3 lead", "visitor→lead, lead→lost why, lost→lead")]
    [InlineData("0 buy, 1 buy, 30 buy", "visitor→customer, customer→repeat")]
    [InlineData("30 buy, 0 buy", "visitor→customer, customer→repeat")]
    [InlineData("0 won, 30 buy, 31 lead!, 60 won2", "visitor→customer, customer→repeat, repeat→lead why, lead→repeat")]
    public void One_change_is_one_fact_whatever_the_order(string words, string expected)
    {
        using var world = new World.World();
        foreach (var word in words.Split(", ")) world.Append(StageWords.Of(word, received: Now + 5 * Day).Record());
        world.Run();
        Assert.Equal(expected, string.Join(", ", StageWords.Changes(world)));
        StageWords.Chained(world);
        Assert.All(Fact.Of(world, RecordKind.StageChanged), f => Assert.Equal(("event", 1L), (f[Field.CauseKind], f.Int(Field.History))));
        Assert.Equal(Books.Due(People.Of(world), SiteRules.Default), Books.Posted(world.Facts.Select(f => new Fact(f))));
    }

    [Fact]
    public void Any_story_in_any_order_is_a_chain_of_changes_that_ends_where_the_person_stands()
    {
        string[] words = ["form", "mql", "sql", "customer", "lead!", "mql!", "gone!", "opened", "moved", "won", "lost", "won2", "buy", "lead"];
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var story = Enumerable.Range(0, random.Next(2, 12)).Select(i => (Word: $"{random.Next(60)} {words[random.Next(words.Length)]}", Seed: $"{seed} {i}")).ToArray();
            string? stage = null;
            for (var order = 0; order < 3; order++)
            {
                random.Shuffle(story);
                using var world = new World.World(partitions: 1 + seed % 4);
                foreach (var (word, name) in story) world.Append(StageWords.Of(word, received: Now + 5 * Day).With(Field.EventId, name).Record(name));
                world.Run();
                StageWords.Chained(world);
                var ends = System.Text.Encoding.UTF8.GetString(world.Lead("e:aa")!.AsPerson(new Person()).TextOf(TextMeasure.Stage));
                Assert.True(ends == (stage ??= ends), $"seed {seed}: {stage} and {ends} of {string.Join(", ", story.Select(s => s.Word))}");
            }
        }
    }

    [Fact]
    public void A_step_back_without_a_reason_is_kept_and_noted()
    {
        using var world = new World.World();
        foreach (var word in new[] { "0 sql", "1 mql", "2 lead!", "3 mql", "4 mql" }) world.Append(StageWords.Of(word, received: Now + Day).Record(word));
        world.Run();
        var noted = Fact.Of(world, RecordKind.EventStored).ToDictionary(f => new Fact(f.BytesOf(Field.Payload)).Id, f => f[Field.Noted]);
        string Of(string word) => noted[Id.OfBytes(System.Text.Encoding.UTF8.GetBytes(word))];
        Assert.Equal(("", "step_back_without_reason", "", "", ""), (Of("0 sql"), Of("1 mql"), Of("2 lead!"), Of("3 mql"), Of("4 mql")));
        Assert.Equal("visitor→sql, sql→lead why, lead→mql", string.Join(", ", StageWords.Changes(world)));
    }

    [Fact]
    public void What_happened_today_is_no_history_and_the_cause_is_named()
    {
        using var world = new World.World();
        world.Append(Hit.About("stage_changed", "e:aa", Now).Received(Now + Day).With(Field.Stage, "mql").Record("now"));
        world.Append(Hit.About("stage_changed", "e:bb", Now - 1).Received(Now + Day).With(Field.Stage, "mql").Record("old"));
        world.Run();
        var facts = Fact.Of(world, RecordKind.StageChanged).ToDictionary(f => f.IdOf(Field.CauseId));
        Assert.Equal((0L, "stage_changed", Now, "mql"), Of("now"));
        Assert.Equal((1L, "stage_changed", Now - 1, "mql"), Of("old"));

        (long, string, long, string) Of(string seed)
        {
            var fact = facts[Id.OfBytes(System.Text.Encoding.UTF8.GetBytes(seed))];
            return (fact.Int(Field.History), fact[Field.CauseName], fact.Int(Field.CauseMs), fact[Field.Stage]);
        }
    }
}
