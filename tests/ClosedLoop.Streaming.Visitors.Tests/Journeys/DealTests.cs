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

    [Theory]
    [InlineData(100, 40, "30", 70, 10)]        // money back, goods stay: all of it is lost profit
    [InlineData(100, 40, "30/12", 70, 28)]     // the refund says what it takes from the profit, because goods came back
    [InlineData(100, 40, "30,20", 50, -10)]
    [InlineData(100, 40, "100", 0, -60)]
    [InlineData(100, 40, "100/40", 0, 0)]
    [InlineData(100, 40, "150", 0, -60)]       // nobody gives back more than was paid
    [InlineData(100, 40, "30,100", 0, -60)]
    public void Refunds_take_from_revenue_and_profit(int revenue, int profit, string refunds, int left, int profitLeft)
    {
        foreach (var first in new[] { true, false })
        {
            var memory = new Memory();
            if (first) Buy();
            foreach (var (refund, i) in refunds.Split(',').Select((r, i) => (r, i)))
            {
                var parts = refund.Split('/');
                var hit = Hit.About("refund", "e:aa", T0 + i + 1).Money("O-1", int.Parse(parts[0], CultureInfo.InvariantCulture));
                memory.Add(parts.Length == 1 ? hit : hit.With(Field.GrossProfit, int.Parse(parts[1], CultureInfo.InvariantCulture) * Money.Unit));
            }
            if (!first) Buy();
            Assert.Equal((left, profitLeft, 1), (memory.Number(NumberMeasure.Revenue), memory.Number(NumberMeasure.GrossProfit), memory.Number(NumberMeasure.Orders)));
            Assert.Equal(left, memory.Number(NumberMeasure.AverageOrder));

            void Buy() => memory.Add(Hit.About("purchase", "e:aa", T0).Money("O-1", revenue).With(Field.GrossProfit, profit * Money.Unit));
        }
    }

    [Fact]
    public void A_refund_may_name_the_deal_or_the_order_that_it_became()
    {
        foreach (var (field, id) in new[] { (Field.OrderId, "A"), (Field.OrderId, "O-7"), (Field.DealId, "A") })
            foreach (var first in new[] { true, false })
            {
                var memory = new Memory();
                var won = Word("0 won A 1000").With(Field.OrderId, "O-7").With(Field.GrossProfit, 400 * Money.Unit);
                var refund = Hit.About("refund", "e:aa", T0 + Day).Flag(EventFlags.Verified).With(field, id).With(Field.Revenue, 200 * Money.Unit);
                foreach (var hit in first ? new[] { won, refund } : [refund, won]) memory.Add(hit);
                Assert.Equal((800, 200, 0), (memory.Number(NumberMeasure.Revenue), memory.Number(NumberMeasure.GrossProfit), memory.Number(NumberMeasure.Orders)));
            }
    }

    [Fact]
    public void Rules_move_forward_until_a_person_decides()
    {
        var memory = new Memory();
        memory.Add(Hit.About("identify", "e:aa", T0));
        StageWriter.Add(memory.History, new StageStep(T0 + 2 * Day, 1, Stage.Mql, false, false, ByRule: true));
        Assert.Equal("mql", memory.Text(TextMeasure.Stage));
        Assert.False(memory.Person.IsDecided());
        // Going back needs a reason, also behind a rule.
        memory.Add(Said("lead", T0 + 3 * Day, null));
        Assert.Equal("mql", memory.Text(TextMeasure.Stage));
        Assert.False(memory.Person.IsDecided());
        Assert.Contains(memory.Person.StageTurns().ToArray(), t => t.Ignored);
        memory.Add(Said("lead", T0 + 4 * Day, "student"));
        Assert.Equal("lead", memory.Text(TextMeasure.Stage));
        Assert.True(memory.Person.IsDecided());
        // What a person had decided before the rule spoke, and we hear late, stands above it.
        var late = new Memory();
        late.Add(Hit.About("identify", "e:aa", T0));
        StageWriter.Add(late.History, new StageStep(T0 + 2 * Day, 1, Stage.Mql, false, false, ByRule: true));
        late.Add(Said("lead", T0 + Day, null));
        Assert.Equal("lead", late.Text(TextMeasure.Stage));
    }

    private static Hit Said(string stage, long at, string? reason) => Hit.About("stage_changed", "e:aa", at).With(Field.Stage, stage).With(Field.Reason, reason);

    private static Hit Word(string word)
    {
        var parts = word.Split(' ');
        var at = T0 + long.Parse(parts[0], CultureInfo.InvariantCulture) * Day;
        if (parts.Length == 2) return Hit.About("stage_changed", "e:aa", at).With(Field.Stage, parts[1]);
        var hit = Hit.About("deal_" + parts[1], "e:aa", at).Flag(EventFlags.Verified).With(Field.DealId, parts[2]);
        return parts[1] == "lost" ? hit.With(Field.Reason, parts[3])
            : hit.With(parts[1] == "won" ? Field.Revenue : Field.Amount, long.Parse(parts[3], CultureInfo.InvariantCulture) * Money.Unit);
    }
}
