using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

public class RepetitionTests
{
    private const long T0 = Memory.T0, Day = Memory.Day;

    [Fact]
    public void An_event_id_is_a_duplicate_for_seven_days_by_the_collectors_clock()
    {
        var memory = new Memory();
        Assert.Equal(Outcome.Applied, Seen(memory, T0 - 30 * Day, T0));
        Assert.Equal(Outcome.Duplicate, Seen(memory, T0 + 7 * Day - 1, T0 + 7 * Day - 1));
        Assert.Equal(Outcome.Applied, Seen(memory, T0 + 7 * Day, T0 + 7 * Day));
        Assert.Equal(Outcome.Duplicate, Seen(memory, T0, T0 + 8 * Day));
    }

    [Fact]
    public void An_imported_line_is_remembered_for_ever_and_knows_what_was_sent_before()
    {
        var memory = new Memory();
        Assert.Equal(Outcome.Applied, Seen(memory, T0, T0));
        Assert.Equal(Outcome.Duplicate, memory.Add(Import(T0 + 1, "x")).Outcome);
        Assert.Equal(Outcome.Applied, memory.Add(Import(T0 + 2, "y")).Outcome);
        Assert.Equal(Outcome.Duplicate, memory.Add(Import(T0 + 900 * Day, "y")).Outcome);
        Assert.Equal(Outcome.Duplicate, memory.Add(Hit.Page("v", T0 + 900 * Day).With(Field.EventId, "y")).Outcome);
    }

    [Fact]
    public void A_hit_without_an_id_comes_again_only_through_the_log()
    {
        var memory = new Memory();
        var record = Hit.Page("v", T0).Record("once");
        Assert.Equal(Outcome.Applied, memory.Add(record).Outcome);
        Assert.Equal(Outcome.Duplicate, memory.Add(record).Outcome);
        Assert.Equal(Outcome.Applied, memory.Add(Hit.Page("v", T0).Record("another")).Outcome);
    }

    [Theory]
    [InlineData("deal_opened", true)]
    [InlineData("deal_won", true)]
    [InlineData("deal_lost", true)]
    [InlineData("deal_moved", false)]
    public void A_deal_is_opened_won_and_lost_once(string name, bool once)
    {
        var memory = new Memory();
        Hit Say(long at) => Hit.About(name, "e:aa", at).Flag(EventFlags.Verified).With(Field.DealId, "D-1").With(Field.Amount, 1L);
        Assert.Equal(Outcome.Applied, memory.Add(Say(T0)).Outcome);
        Assert.Equal(once ? Outcome.Duplicate : Outcome.Applied, memory.Add(Say(T0 + 500 * Day)).Outcome);
    }

    [Fact]
    public void A_thousand_ids_are_remembered_and_over_it_the_oldest_is_given_up_and_the_memory_marked()
    {
        var memory = new Memory();
        for (var i = 0; i < Limits.KnownIdsMax; i++) memory.Add(Hit.Of("ping", "v", T0).With(Field.EventId, $"id {i}"), $"seed {i}");
        Assert.Equal(Outcome.Duplicate, memory.Add(Hit.Of("ping", "v", T0 + 1).With(Field.EventId, "id 0")).Outcome);
        memory.Add(Hit.Of("ping", "v", T0 + 1).With(Field.EventId, "one more"));
        Assert.True(memory.History.Capped);
        Assert.Equal(Limits.KnownIdsMax, memory.History.Known.Count);
        Assert.Equal(Outcome.Duplicate, memory.Add(Hit.Of("ping", "v", T0 + 1).With(Field.EventId, "id 1")).Outcome);
    }

    private static Outcome Seen(Memory memory, long at, long received) =>
        memory.Add(Hit.Page("v", at).Received(received).With(Field.EventId, "x")).Outcome;

    private static Hit Import(long at, string id) => Hit.Page("v", at).Flag(EventFlags.Imported).With(Field.EventId, id);
}
