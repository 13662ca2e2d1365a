using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>Plain page views go a short way. It must leave what the long way leaves, to the byte: states, due times and facts.</summary>
public sealed class ShortWayTests
{
    private const long Began = 1_795_000_000_000, Minute = 60_000, Day = 86_400_000;

    private static readonly string[] Referrers =
        ["https://www.google.com/", "https://shop.example/list", "https://blog.example/a", "https://www.paypal.com/", "no address", "https://SHOP.example/x"];

    private static readonly (string Name, string Rule)[] Rules =
    [
        ("often", "count(\"page_view\", 7d) >= 3"), ("rarely", "count(\"page_view\", 2d) < 2 and sessions >= 2"), ("exactly", "count(\"page_view\", 1d) = 2"),
        ("asleep", "days_since_last_visit > 3 and page_views >= 2"), ("mail", "source = \"news\" or first_channel = \"Email\""),
        ("tents", "visited(\"/p1*\") and not visited(\"/p2\")"), ("phone", "device = \"mobile\" and country != \"DE\""), ("campaign", "campaign = \"c1\""),
        ("sent", "days_since_form(\"contact\") < 3 or cart_open"), ("mixed", "page_views > sessions and trait(\"a\") != \"b\" or stage = \"visitor\" and channel = \"Direct\""),
        ("rich", "revenue >= 1 or average_order >= 1 or last_satisfaction < 5"), ("clicks", "count(\"click\", 30d) >= 1"),
    ];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_short_way_leaves_what_the_long_way_leaves(int seed)
    {
        var hits = Hits(seed);
        // A field that nobody has a use for sends a hit the long way.
        using var short_ = Worked(hits.Select((h, i) => h().Record($"hit {i}")));
        using var long_ = Worked(hits.Select((h, i) => h().With(Field.Properties, "{}").Record($"hit {i}")));
        Assert.Equal(States(long_), States(short_));
        Assert.Equal(Facts(long_), Facts(short_));
        Assert.Contains(Facts(short_), fact => fact.StartsWith("SegmentChanged", StringComparison.Ordinal));
    }

    public static TheoryData<int> Seeds() => new(Enumerable.Range(1, 60));

    private static World.World Worked(IEnumerable<byte[]> records)
    {
        var segments = World.World.Defaults().Concat(Rules.Select(r => new SegmentSetting { Name = r.Name, Rule = r.Rule, Version = 1 })).ToList();
        var world = new World.World(partitions: 1, segments);
        foreach (var record in records) world.Append(record);
        return world.Run();
    }

    private static List<string> States(World.World world) =>
        [.. world.Partitions[0].Durable.Values.Select(s => $"{Convert.ToHexString(s.Key)} {s.Due} {Convert.ToHexString(s.State)}").Order(StringComparer.Ordinal)];

    // A stored event carries the hit itself, which differs by the field.
    private static List<string> Facts(World.World world)
    {
        var reader = new RecordReader();
        var facts = new List<string>();
        foreach (var fact in world.Facts)
        {
            Assert.True(reader.TryRead(fact));
            facts.Add(reader.Kind == RecordKind.EventStored
                ? $"EventStored {reader.Id} {reader.IdOf(Field.SessionId)} {reader.Text(Field.Channel)} {reader.Text(Field.Source)} {reader.Text(Field.Campaign)}"
                : $"{reader.Kind} {Convert.ToHexString(fact)}");
        }
        return facts;
    }

    // As functions: a hit is built twice, with one id.
    private static List<Func<Hit>> Hits(int seed)
    {
        var random = new Random(seed);
        var hits = new List<Func<Hit>>();
        var now = Began;
        for (var i = 0; i < 300; i++)
        {
            now += random.Next(5) switch { 0 => 0, 1 => random.Next(5_000), 2 => random.Next((int)(40 * Minute)), 3 => random.Next((int)Day), _ => random.Next((int)Minute) };
            if (random.Next(60) == 0) now += random.Next(1, 40) * Day;
            var (at, who, page, kind) = (now, $"v{random.Next(4)}", random.Next(25), random.Next(40));
            if (random.Next(15) == 0) at -= random.NextInt64(4 * Day);
            var referrer = random.Next(3) == 0 ? Referrers[random.Next(Referrers.Length)] : null;
            var campaign = random.Next(8) == 0 ? $"c{random.Next(3)}" : null;
            var (device, country) = (random.Next(3) == 0 ? null : random.Next(9) == 0 ? "mobile" : "desktop", random.Next(4) == 0 ? "UA" : null);
            var received = now;
            // Most visitors stay plain for a while: what takes them off the short way comes late and to one of them.
            if (i < 150 || who != "v0") kind = Math.Max(kind, 3);
            hits.Add(() => Made(kind, who, at, page, referrer).Received(received).With(Field.Campaign, campaign).With(Field.Source, campaign is null ? null : "news")
                .With(Field.DeviceClass, device).With(Field.Country, country));
        }
        return hits;
    }

    private static Hit Made(int kind, string who, long at, int page, string? referrer) => kind switch
    {
        0 => Hit.Of("form_submit", who, at).With(Field.PageUrl, "https://shop.example/contact").With(Field.Form, "contact"),
        1 => Hit.Of("add_to_cart", who, at).With(Field.PageUrl, "https://shop.example/cart"),
        2 => Hit.Of("own_name", who, at),
        3 => Hit.Of("click", who, at).With(Field.PageUrl, $"https://shop.example/p{page}"),
        _ => Hit.Page(who, at, $"/p{page}?q={page}", referrer),
    };
}
