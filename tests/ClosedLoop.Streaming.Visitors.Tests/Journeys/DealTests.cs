using System.Globalization;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

public class DealTests
{
    private const long T0 = Memory.T0, Day = Memory.Day;

    /// <summary>Words "day name deal [amount|reason]"; expected: open deals, revenue, stage, lost reason.</summary>
    [Theory]
    [InlineData("0 opened A 100", "1 0 lead ")]
    [InlineData("0 opened A 100, 1 lost A price", "0 0 lost price")]
    [InlineData("0 lost A price", "0 0 lost price")]
    [InlineData("0 opened A 100, 1 opened B 100, 2 lost A price", "1 0 lead price")]
    [InlineData("0 opened A 100, 1 opened B 100, 2 lost A price, 3 lost B time", "0 0 lost time")]
    [InlineData("0 opened A 100, 1 lost A price, 2 opened A 120", "1 0 lead ")]
    [InlineData("0 opened A 100, 1 lost A price, 2 moved A 120", "1 0 lead ")]
    [InlineData("0 opened A 100, 1 lost A price, 2 opened A 120, 3 won A 90", "0 90 customer ")]
    [InlineData("0 opened A 100, 1 won A 90, 2 won A 95", "0 90 customer ")]
    [InlineData("0 won A 90, 1 lost A gone", "0 0 customer gone")]
    [InlineData("0 won A 90, 1 lost A gone, 2 won A 80", "0 80 customer ")]
    [InlineData("0 won A 90, 1 won B 10", "0 100 repeat ")]
    [InlineData("0 won A 90, 1 opened B 10, 2 lost B price", "0 90 customer price")]
    [InlineData("0 mql, 1 opened A 100, 2 lost A price, 3 moved A 100", "1 0 mql ")]
    [InlineData("0 opened A 100, 1 lost A price, 2 sql, 3 lost A price", "0 0 sql price")]
    public void Deals_stand_as_their_words_say_in_any_order(string words, string expected)
    {
        var hits = words.Split(", ").Select((w, i) => (Hit: Word(w), Seed: $"word {i}")).ToList();
        for (var turn = 0; turn < 6; turn++)
        {
            var memory = new Memory();
            foreach (var (hit, seed) in hits.OrderBy(h => Id.OfBytes(System.Text.Encoding.ASCII.GetBytes($"{turn} {h.Seed}"))))
                memory.Add(hit.Received(T0 + 9 * Day), seed);
            var person = new Person().Of(memory.Reread());
            person.TryNumber(NumberMeasure.OpenDeals, out var open);
            person.TryNumber(NumberMeasure.Revenue, out var revenue);
            Assert.Equal(expected, string.Create(CultureInfo.InvariantCulture, $"{open} {revenue} {memory.Text(TextMeasure.Stage)} {memory.Text(TextMeasure.LostReason)}"));
        }
    }

    [Fact]
    public void A_word_that_is_sent_again_is_a_repetition_and_another_moment_is_another_word()
    {
        var memory = new Memory();
        Assert.Equal(Outcome.Applied, memory.Add(Word("0 opened A 100").Received(T0 + Day)).Outcome);
        Assert.Equal(Outcome.Duplicate, memory.Add(Word("0 opened A 100").Received(T0 + 400 * Day)).Outcome);
        Assert.Equal(Outcome.Applied, memory.Add(Word("1 lost A price").Received(T0 + 2 * Day)).Outcome);
        Assert.Equal(Outcome.Applied, memory.Add(Word("2 opened A 100")).Outcome);
        Assert.Equal(Outcome.Duplicate, memory.Add(Word("3 opened A 100")).Outcome);
        Assert.Equal(1, memory.Number(NumberMeasure.OpenDeals));
    }

    [Fact]
    public void Many_moves_of_a_deal_are_one_behind_three_days_and_the_first_win_stands()
    {
        var memory = new Memory();
        for (var day = 0; day < 500; day++) memory.Add(Word($"{day} moved A {day}"));
        memory.Add(Word("501 won A 7"));
        memory.Add(Word("502 moved B 9"));
        Assert.False(memory.History.Capped);
        Assert.True(memory.History.Deals.Count < 10, $"{memory.History.Deals.Count} words");
        Assert.Equal(7, memory.Number(NumberMeasure.Revenue));
    }

    internal static Hit Word(string word)
    {
        var parts = word.Split(' ');
        var at = T0 + long.Parse(parts[0], CultureInfo.InvariantCulture) * Day;
        if (parts.Length == 2) return Hit.About("stage_changed", "e:aa", at).With(Field.Stage, parts[1]);
        var hit = Hit.About("deal_" + parts[1], "e:aa", at).Flag(EventFlags.Verified).With(Field.DealId, parts[2]);
        return parts[1] == "lost" ? hit.With(Field.Reason, parts[3])
            : hit.With(parts[1] == "won" ? Field.Revenue : Field.Amount, long.Parse(parts[3], CultureInfo.InvariantCulture) * Money.Unit);
    }
}
