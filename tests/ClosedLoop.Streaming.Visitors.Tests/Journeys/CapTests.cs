using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

/// <summary>Every cap marks the memory and leaves it readable; what is counted goes on being counted.</summary>
public class CapTests
{
    private const long T0 = Memory.T0;

    [Fact]
    public void More_recent_hits_than_the_cap_are_folded_early_and_still_counted()
    {
        var memory = new Memory();
        for (var i = 0; i < Limits.RecentHitsMax + 10; i++) memory.Add(Hit.Page("v", T0 + i * 1000L));
        Assert.True(memory.History.Capped);
        Assert.Equal(Limits.RecentHitsMax, memory.History.Recent.Count);
        Assert.Equal(Limits.RecentHitsMax + 10, memory.Person.PageViews);
        Assert.Equal(1, memory.Number(NumberMeasure.Sessions));
        Assert.Equal(Limits.RecentHitsMax + 10, memory.History.Sessions[0].PageViews);
        Assert.True(memory.Reread().Capped);
    }

    [Fact]
    public void More_sessions_than_the_cap_are_counted_and_the_first_is_kept()
    {
        var memory = new Memory();
        memory.Add(Hit.Page("v", T0).Campaign("fair", "event"));
        for (var day = 1; day < 100; day++) memory.Add(Hit.Page("v", T0 + day * Memory.Day));
        Assert.True(memory.History.Capped);
        Assert.Equal(100, memory.Number(NumberMeasure.Sessions));
        Assert.Equal(T0, memory.History.Sessions[0].Start);
        Assert.NotEqual("Direct", memory.Text(TextMeasure.FirstChannel));
        Assert.Equal(100, new Person().Of(memory.Reread()).SessionCount);
    }

    [Theory]
    [MemberData(nameof(Floods))]
    public void A_flood_of_one_kind_is_capped(string what, int count, bool capped)
    {
        var memory = new Memory();
        for (var i = 0; i < count; i++) memory.Add(Flood(what, i));
        Assert.Equal(capped, memory.History.Capped);
        Assert.Equal(Projection.Of(memory.Person), Projection.Of(new Person().Of(memory.Reread())));
    }

    public static TheoryData<string, int, bool> Floods
    {
        get
        {
            var rows = new TheoryData<string, int, bool>();
            foreach (var (what, max) in new[]
            {
                ("page", Limits.PagesMax), ("name", Limits.NamesMax), ("source", Limits.SourcesMax), ("form", Limits.FormsMax),
                ("trait", Limits.TraitsMax), ("category", Limits.CategoriesMax), ("contact", Limits.ContactChannelsMax), ("deal", Limits.DealWordsMax),
                ("heard", Limits.SaidSourcesMax), ("stage", Limits.StageStepsMax),
            })
            {
                rows.Add(what, max, false);
                rows.Add(what, max + 1, true);
            }
            return rows;
        }
    }

    [Fact]
    public void More_orders_than_the_cap_are_given_up()
    {
        var memory = new Memory();
        for (var i = 0; i <= Limits.OrdersMax; i++) memory.Add(Hit.Of("purchase", "v", T0 + i * 20 * Memory.Minute).Money($"O-{i}", 1));
        Assert.True(memory.History.Capped);
        Assert.Equal(Limits.OrdersMax, memory.Number(NumberMeasure.Orders));
    }

    private static Hit Flood(string what, int i)
    {
        var at = T0 + i;
        return what switch
        {
            "page" => Hit.Page("v", at, $"/{i}"),
            "name" => Hit.Of($"own {i}", "v", at),
            "source" => Hit.Page("v", T0).Campaign($"s{i}", "email"),
            "form" => Hit.Of("form_submit", "v", at).With(Field.Form, $"f{i}"),
            "trait" => Hit.Of("identify", "v", at).With(Field.Traits, $$"""{"t{{i}}":1}"""),
            "category" => Hit.Page("v", at).With(Field.Categories, $"c{i}"),
            "contact" => Hit.About("contacted", "e:aa", at).With(Field.ContactChannel, $"c{i}").With(Field.Email, ""),
            "deal" => Hit.Of("deal_opened", "v", at).Flag(EventFlags.Verified).With(Field.DealId, $"D{i}"),
            "heard" => Hit.Of("noted", "v", at).With(Field.HeardFrom, "podcast"),
            _ => Hit.Of("stage_changed", "v", at).With(Field.Stage, i % 2 == 0 ? "mql" : "lead").With(Field.Reason, "r"),
        };
    }
}
