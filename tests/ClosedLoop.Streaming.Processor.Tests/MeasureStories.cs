using System.Text.Json;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>Every measure of CONTRACT.md §4 in a rule that is judged, and in the <c>measures</c> that a webhook tells.</summary>
public sealed class MeasureStories
{
    private const long Now = 1_795_000_000_000, Hour = 3_600_000, Day = 24 * Hour;

    /// <summary>Measure; what it is of Anna, who did everything (as JSON; "-": not told); what it is of Ben, who was only named ("-": absent).</summary>
    public static TheoryData<string, string, string> Rows => new()
    {
        { "page_views", "3", "0" }, { "sessions", "2", "0" }, { "orders", "2", "0" }, { "purchase_days", "2", "0" }, { "open_deals", "1", "0" },
        { "revenue", "1245", "0" }, { "gross_profit", "285", "-" }, { "average_order", "122.5", "-" }, { "discount_share", "0.0625", "-" },
        { "last_satisfaction", "6", "-" },
        { "days_since_first_visit", "30", "-" }, { "days_since_last_visit", "10", "-" }, { "days_since_last_activity", "1", "1" },
        { "days_since_last_order", "5", "-" }, { "days_since_last_contact", "4", "-" }, { "days_in_stage", "5", "1" },
        { "days_since_form(\"contact\",\"demo\")", "20", "-" },
        { "stage", "\"repeat\"", "\"lead\"" }, { "channel", "\"Organic Search\"", "-" }, { "first_channel", "\"Paid Search\"", "-" },
        { "source", "\"bing\"", "-" }, { "campaign", "-", "-" }, { "country", "\"UA\"", "-" }, { "device", "\"mobile\"", "-" },
        { "preferred_contact", "\"phone\"", "-" }, { "affinity", "\"tents\"", "-" }, { "lost_reason", "\"price\"", "-" },
        { "count(\"downloaded\",7d)", "1", "0" },
        { "cart_open", "true", "false" }, { "consented", "false", "true" }, { "visited(\"/tents*\")", "true", "false" }, { "visited(\"/prices\")", "false", "false" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_measure_is_told_as_it_is(string measure, string anna, string ben)
    {
        var isCondition = measure is "cart_open" or "consented" || measure.StartsWith("visited", StringComparison.Ordinal);
        // True of everybody, so that everybody's answer is told.
        var rule = isCondition ? $"{measure} or not {measure}" : IsText(anna, ben) ? $"not ({measure} = \"x\")" : $"not ({measure} = -1)";
        using var world = Told(rule);
        Assert.Equal(anna, Measure(world, "e:anna", measure));
        Assert.Equal(ben, Measure(world, "e:ben", measure));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_rule_holds_of_what_is_and_of_nothing_absent(string measure, string anna, string ben)
    {
        var value = anna == "-" ? "\"x\"" : anna;
        var rule = anna switch { "true" => measure, "false" => "not " + measure, _ => $"{measure} = {value}" };
        using var world = Told(rule);
        Assert.Equal(anna != "-", IsMember(world, "e:anna"));
        Assert.Equal(anna == ben && anna != "-", IsMember(world, "e:ben"));
        // A comparison with something absent is false, whichever way.
        using var not = Told(anna is "true" or "false" ? "false" : $"{measure} != {(anna == "-" ? "\"x\"" : anna)}");
        Assert.False(IsMember(not, "e:anna"));
        Assert.Equal(anna is not ("true" or "false") && ben != "-" && ben != anna, IsMember(not, "e:ben"));
    }

    [Theory]
    [InlineData("trait(\"city\") = \"Lviv\"", true)]
    [InlineData("trait(\"seats\") >= 12", true)]
    [InlineData("trait(\"vip\") = \"true\"", true)]
    [InlineData("trait(\"gone\") != \"x\"", false)]
    [InlineData("trait(\"never\") != \"x\"", false)]
    [InlineData("arm(\"checkout\") != \"x\"", false)]
    [InlineData("count(\"downloaded\",1d) >= 1", false)]
    [InlineData("count(\"never\",7d) = 0", true)]
    public void Traits_arms_and_windows(string rule, bool holds)
    {
        using var world = Told(rule);
        Assert.Equal(holds, IsMember(world, "e:anna"));
        // Personal data is no measure of a message, and arms have their own place.
        if (holds && rule.StartsWith("trait", StringComparison.Ordinal)) Assert.Equal("{}", Entered(world, "e:anna")[Field.Measures]);
    }

    private static bool IsText(string anna, string ben) => anna.StartsWith('"') || anna == "-" || ben.StartsWith('"');

    private static World.World Told(string rule)
    {
        Assert.True(Rule.TryCompile(rule, out _, out var mistake), $"{rule}: {mistake}");
        // Judged for the first time by the event of now: everything before came as history of before the rules.
        var world = new World.World(segments: []);
        foreach (var hit in Anna().Append(Hit.About("identify", "e:ben", Now - Day))) world.Append(hit.Received(Now - 1).Record());
        world.Run();
        world.Publish(new PublishedRules { Version = 3, Segments = [new SegmentSetting { Name = "it", Rule = rule, Version = 1 }] }, Now);
        return world.Run();
    }

    private static IEnumerable<Hit> Anna() =>
    [
        Hit.Page("v1", Now - 30 * Day, "/", null).Campaign("google", "cpc", "spring").With(Field.DeviceClass, "desktop").With(Field.Country, "DE"),
        Hit.Of("form_submit", "v1", Now - 30 * Day + 1).With(Field.Form, "newsletter").Email("anna"),
        Hit.About("form_submit", "e:anna", Now - 20 * Day).With(Field.Form, "demo"),
        Hit.Page("v1", Now - 10 * Day - Hour / 4, "/tents/alp", "https://www.bing.com/").With(Field.DeviceClass, "mobile").With(Field.Country, "UA"),
        Hit.Page("v1", Now - 10 * Day, "/about"),
        Hit.About("purchase", "e:anna", Now - 15 * Day).Money("O-1", 200).With(Field.Discount, 20 * Money.Unit).With(Field.GrossProfit, 80 * Money.Unit).With(Field.Categories, "tents"),
        Hit.About("purchase", "e:anna", Now - 5 * Day).Money("O-2", 100).With(Field.Categories, "tents\u001fstoves"),
        Hit.About("refund", "e:anna", Now - 4 * Day).Money("O-1", 55),
        Deal("deal_won", "D-1", Now - 5 * Day).With(Field.Revenue, 1000 * Money.Unit).With(Field.GrossProfit, 260 * Money.Unit),
        Deal("deal_lost", "D-2", Now - 3 * Day).With(Field.Reason, "price"),
        Deal("deal_opened", "D-3", Now - 3 * Day).With(Field.Amount, 5 * Money.Unit),
        Contact("email", 9), Contact("phone", 8), Contact("phone", 4),
        Hit.About("satisfaction_scored", "e:anna", Now - 3 * Day).With(Field.Score, 6L), Hit.About("satisfaction_scored", "e:anna", Now - 9 * Day).With(Field.Score, 10L),
        Hit.Of("downloaded", "v1", Now - 2 * Day), Hit.Of("downloaded", "v1", Now - 12 * Day), Hit.Of("add_to_cart", "v1", Now - 2 * Day),
        Hit.Of("consent", "v1", Now - Day).With(Field.Consent, "deny"),
        Hit.About("identify", "e:anna", Now - 9 * Day).With(Field.Traits, """{"city":"Kyiv","seats":12,"vip":true,"gone":"here"}"""),
        Hit.About("identify", "e:anna", Now - 8 * Day).With(Field.Traits, """{"city":"Lviv","gone":null}"""),
    ];

    private static Hit Deal(string name, string deal, long at) => Hit.About(name, "e:anna", at).Flag(EventFlags.Verified).With(Field.DealId, deal);

    private static Hit Contact(string channel, int daysAgo) =>
        Hit.About("contacted", "e:anna", Now - daysAgo * Day).With(Field.ContactChannel, channel).With(Field.Direction, "out");

    private static bool IsMember(World.World world, string person) => World.World.SegmentsOf(world.Lead(person)!.Standing).Contains("it");

    private static Fact Entered(World.World world, string person)
    {
        var key = "l" + IdentifierHome.LeadOf("demo"u8, System.Text.Encoding.UTF8.GetBytes(person));
        return Fact.Of(world, RecordKind.SegmentChanged).Single(f => f.Key == key && f[Field.Segment] == "it");
    }

    private static string Measure(World.World world, string person, string measure)
    {
        using var json = JsonDocument.Parse(Entered(world, person)[Field.Measures]);
        return json.RootElement.TryGetProperty(measure, out var value) ? value.GetRawText() : "-";
    }
}
