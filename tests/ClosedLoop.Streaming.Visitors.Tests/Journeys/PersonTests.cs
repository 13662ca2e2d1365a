using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

public class PersonTests
{
    private const long T0 = Memory.T0, Day = Memory.Day;

    [Theory]
    [InlineData("0 lead, 1 mql, 2 sql", "sql")]
    [InlineData("0 mql, 1 lead", "mql")]
    [InlineData("0 mql, 1 lead!", "lead")]
    [InlineData("0 sql, 1 mql!, 2 sql", "sql")]
    [InlineData("0 form", "lead")]
    [InlineData("0 buy, 1 form", "customer")]
    [InlineData("0 buy, 1 lead!", "lead")]
    [InlineData("0 buy, 1 lead!, 2 buy", "customer")]
    [InlineData("0 buy, 1440 buy", "repeat")]
    [InlineData("0 buy, 1440 buy, 1441 customer", "repeat")]
    [InlineData("0 buy, 1440 buy, 1441 lead!, 2880 mql", "mql")]
    [InlineData("0 customer, 1 buy, 2 buy", "customer")]
    [InlineData("0 sql, 1 lost", "sql")]
    [InlineData("0 sql, 1 lost!", "lost")]
    [InlineData("0 sql, 1 lost!, 2 form", "lost")]
    [InlineData("0 sql, 1 lost!, 2 lead", "lead")]
    [InlineData("0 sql, 1 lost!, 2 buy", "customer")]
    [InlineData("0 buy, 1 lost!", "lost")]
    [InlineData("0 view", "visitor")]
    public void Stages_go_forward_and_with_a_reason_back(string steps, string expected)
    {
        var hits = steps.Split(", ").Select(s => Step(int.Parse(s.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), s.Split(' ')[1])).ToList();
        foreach (var order in new[] { hits, [.. Enumerable.Reverse(hits)] })
        {
            var memory = new Memory();
            foreach (var hit in order) memory.Add(hit);
            Assert.Equal(expected, memory.Text(TextMeasure.Stage));
        }
    }

    [Fact]
    public void A_step_back_is_found_among_any_number_of_orders_whenever_it_arrives()
    {
        foreach (var late in new[] { false, true })
        {
            var memory = new Memory();
            var back = Hit.About("stage_changed", "e:aa", T0 + 45 * Day + 1).With(Field.Stage, "lead").With(Field.Reason, "left");
            for (var day = 0; day < 50; day++)
            {
                if (day == (late ? 48 : 46)) memory.Add(back);
                memory.Add(Hit.About("purchase", "e:aa", T0 + day * Day).Money($"O-{day}", 1));
            }
            Assert.Equal((Stage.Repeat, T0 + 46 * Day), memory.Person.StageNow());
            Assert.False(memory.History.Capped);
            Assert.True(memory.History.Steps.Count < 20, $"{memory.History.Steps.Count} steps");
        }
    }

    [Fact]
    public void What_was_said_last_by_its_own_time_stands()
    {
        var memory = new Memory();
        memory.Add(Score(9, T0 + 2));
        memory.Add(Score(3, T0));
        memory.Add(Hit.Of("identify", "v", T0 + 2).With(Field.Traits, """{"city":"Lviv","employees":12,"vip":true,"gone":null,"deep":{"a":1}}"""));
        memory.Add(Hit.Of("identify", "v", T0).With(Field.Traits, """{"city":"Kyiv","kind":"b2b"}"""));
        memory.Add(Hit.Page("v", T0 + 2).With(Field.Country, "UA").With(Field.DeviceClass, "phone"));
        memory.Add(Hit.Page("v", T0).With(Field.Country, "DE"));
        Assert.Equal(9, memory.Number(NumberMeasure.LastSatisfaction));
        Assert.Equal("Lviv"u8, memory.Person.Trait("city"u8));
        Assert.Equal("12"u8, memory.Person.Trait("employees"u8));
        Assert.Equal("true"u8, memory.Person.Trait("vip"u8));
        Assert.Equal("b2b"u8, memory.Person.Trait("kind"u8));
        Assert.True(memory.Person.Trait("gone"u8).IsEmpty);
        Assert.True(memory.Person.Trait("deep"u8).IsEmpty);
        Assert.Equal("UA", memory.Text(TextMeasure.Country));
        Assert.Equal("phone", memory.Text(TextMeasure.Device));
    }

    [Fact]
    public void Affinity_weighs_what_is_bought_most()
    {
        var memory = new Memory();
        for (var i = 0; i < 4; i++) memory.Add(Hit.Page("v", T0 + i).With(Field.Categories, "maps"));
        Assert.Equal("maps", memory.Text(TextMeasure.Affinity));
        memory.Add(Hit.Of("purchase", "v", T0 + 9).Money("O-1", 1).With(Field.Categories, "tents\u001fstoves"));
        Assert.Equal("stoves", memory.Text(TextMeasure.Affinity));
    }

    [Fact]
    public void The_preferred_contact_is_the_most_frequent_channel()
    {
        var memory = new Memory();
        foreach (var (channel, i) in new[] { "phone", "email", "phone" }.Select((c, i) => (c, i)))
            memory.Add(Hit.About("contacted", "e:aa", T0 + i).With(Field.ContactChannel, channel).With(Field.Direction, "out"));
        Assert.Equal("phone", memory.Text(TextMeasure.PreferredContact));
        Assert.Equal(T0 + 2, memory.Person.MomentOf(TimeMeasure.LastContact));
        Assert.Equal(0, memory.Person.MomentOf(TimeMeasure.LastActivity));
    }

    [Fact]
    public void A_cart_is_open_until_something_is_bought()
    {
        var memory = new Memory();
        Assert.False(memory.Person.CartOpen);
        memory.Add(Hit.Of("add_to_cart", "v", T0));
        Assert.True(memory.Person.CartOpen);
        memory.Add(Hit.Of("purchase", "v", T0 + 1).Money("O-1", 1));
        Assert.False(memory.Person.CartOpen);
        memory.Add(Hit.Of("begin_checkout", "v", T0 + 2));
        Assert.True(memory.Person.CartOpen);
    }

    [Fact]
    public void Consent_is_the_last_word_and_no_beats_yes_in_one_moment()
    {
        var memory = new Memory();
        Assert.True(memory.Person.Consented);
        memory.Add(Consent("deny", T0 + 1));
        memory.Add(Consent("accept", T0));
        Assert.False(memory.Person.Consented);
        memory.Add(Consent("accept", T0 + 2));
        Assert.True(memory.Person.Consented);
        memory.Add(Consent("deny", T0 + 2));
        memory.Add(Consent("accept", T0 + 2));
        Assert.False(memory.Person.Consented);
    }

    [Fact]
    public void Events_are_counted_in_windows_and_the_oldest_says_when_the_count_falls()
    {
        var memory = new Memory();
        foreach (var day in new[] { 0, 5, 9, 40 }) memory.Add(Hit.Of("downloaded", "v", T0 + day * Day));
        Assert.Equal(4, memory.Person.CountAfter("downloaded"u8, T0 - 1, out var oldest));
        Assert.Equal(T0, oldest);
        Assert.Equal(2, memory.Person.CountAfter("downloaded"u8, T0 + 5 * Day, out oldest));
        Assert.Equal(T0 + 9 * Day, oldest);
        Assert.Equal(0, memory.Person.CountAfter("never"u8, 0, out oldest));
        Assert.Equal(0, oldest);
    }

    [Fact]
    public void Pages_are_visited_exactly_or_below_a_path()
    {
        var memory = new Memory();
        memory.Add(Hit.Page("v", T0, "/pricing/teams?utm_x=1"));
        Assert.True(memory.Person.Visited("/pricing/teams"u8, prefix: false));
        Assert.False(memory.Person.Visited("/pricing"u8, prefix: false));
        Assert.True(memory.Person.Visited("/pricing"u8, prefix: true));
    }

    [Fact]
    public void The_journey_is_the_last_twenty_steps_in_order_also_behind_the_fold()
    {
        var memory = new Memory();
        for (var i = 30; i > 0; i--) memory.Add(Hit.Page("v", T0 + i * Memory.Hour, $"/{i}"));
        memory.Add(Hit.Page("v", T0 + 6 * Day, "/new"));
        var journey = Projection.Journey(memory.Reread());
        Assert.Equal(20, journey.Count);
        Assert.EndsWith("/12", journey[0], StringComparison.Ordinal);
        Assert.EndsWith("/new", journey[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_bot_is_noted_and_moves_nothing()
    {
        var memory = new Memory();
        Assert.Equal(Outcome.Noted, memory.Add(Hit.Page("v", T0).With(Field.BotClass, "crawler").With(Field.EventId, "x")).Outcome);
        Assert.Equal(Outcome.Duplicate, memory.Add(Hit.Page("v", T0).With(Field.BotClass, "crawler").With(Field.EventId, "x")).Outcome);
        Assert.True(memory.History.IsEmpty);
        Assert.Equal(0, memory.Person.PageViews);
    }

    [Fact]
    public void A_named_source_is_a_touch_of_its_own_beside_the_visit_that_named_it()
    {
        var memory = new Memory();
        memory.Add(Hit.Page("v", T0, "/", "https://www.google.com/"));
        memory.Add(Hit.Of("form_submit", "v", T0 + 1).With(Field.PageUrl, "https://shop.example/contact").With(Field.Referrer, "https://www.google.com/")
            .With(Field.HeardFrom, "podcast").Email("aa"));
        memory.Add(Hit.About("contacted", "e:aa", T0 + 2).Campaign("fair", "event", "spring"));
        Assert.Equal(["1 podcast", "2 fair"], memory.History.Said.Span.ToArray().Select(s => $"{s.Evidence} {System.Text.Encoding.UTF8.GetString(memory.History[memory.History.Sources[s.Source].Source])}"));
        Assert.Single(memory.History.Sessions.Span.ToArray());
        Assert.Equal("Organic Search", memory.Text(TextMeasure.Channel));
    }

    private static Hit Score(int score, long at) => Hit.About("satisfaction_scored", "e:aa", at).With(Field.Score, score);

    private static Hit Consent(string choice, long at) => Hit.Of("consent", "v", at).With(Field.Consent, choice);

    private static Hit Step(int minute, string what)
    {
        var at = T0 + minute * Memory.Minute;
        return what switch
        {
            "view" => Hit.Page("v", at),
            "form" => Hit.Of("form_submit", "v", at).Email("aa"),
            "buy" => Hit.Of("purchase", "v", at).Money($"O-{minute}", 1),
            _ => Hit.About("stage_changed", "e:aa", at).With(Field.Stage, what.TrimEnd('!')).With(Field.Reason, what.EndsWith('!') ? "why" : null),
        };
    }
}
