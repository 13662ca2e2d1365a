using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>
/// PROOF §2: generated journeys through the engine and the warehouse's own tables; every figure of the reports equals what slow and obvious
/// code says of what was planted.
/// </summary>
public sealed class OracleTests(ChdbFixture chdb)
{
    private const int Days = 45;
    private static readonly long From = new DateTimeOffset(2026, 9, 20, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static bool Long => Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_LONG") == "1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Channels_and_paths_equal_the_naive_ones_when_everything_comes_late_and_shuffled()
    {
        var people = new Planter(71, From, Days, late: true).People(Long ? 100_000 : 2_000);
        var costs = PlantedCost.Some(Days).ToList();
        await PlantAsync("late", people, costs, seed: 5);
        foreach (var query in new[]
        {
            "model=first_touch", "model=last_touch,last_non_direct&by=source", "model=linear&by=campaign&interval=week", "model=position_based,time_decay&interval=day",
            "model=last_non_direct&date=acquisition&interval=month", "model=linear,first_touch&date=acquisition&by=source",
        })
            await SameChannelsAsync("late", query, people, costs);
        foreach (var query in new[]
        {
            "", "steps=3&nodes=4", "of=channel&steps=6", "start=/tents*&steps=4", "end=/pricing&steps=4&nodes=3", "start=/&end=/cart", "converted=true&of=channel", "converted=false&steps=2",
            "converted=lead&start=*%25_*", "device=mobile&channel=Direct", "end=Direct&of=channel&nodes=2&steps=9", "steps=20&nodes=1",
        })
            await SamePathsAsync("late", query, people);
    }

    [Fact]
    public async Task Browsers_that_were_merged_are_one_person_and_those_that_were_parted_again_are_not()
    {
        var people = new Planter(73, From, Days, late: true, merges: true).People(Long ? 10_000 : 700);
        await PlantAsync("merged", people, [], seed: 7);
        foreach (var query in new[] { "model=first_touch,linear", "model=last_non_direct&by=source&date=acquisition" }) await SameChannelsAsync("merged", query, people, []);
        foreach (var query in new[] { "", "of=channel&converted=true", "converted=false" }) await SamePathsAsync("merged", query, people);
    }

    [Fact]
    public async Task The_ledger_says_what_was_known_on_a_day()
    {
        var people = new Planter(72, From, Days, late: false).People(Long ? 10_000 : 700);
        await PlantAsync("known", people, [], seed: 6);
        foreach (var day in new[] { "2026-10-01", "2026-10-15", "2026-11-02", "2026-11-20" })
            await SameChannelsAsync("known", $"timezone=UTC&as_known_on={day}&model=linear,last_touch&by=campaign", people, []);
    }

    private async Task SameChannelsAsync(string site, string query, List<PlantedPerson> people, List<PlantedCost> costs)
    {
        var request = ChannelsRequestTests.Read($"from=2026-09-25&to=2026-11-05&{(query.Contains("timezone") ? "" : "timezone=Europe/Kyiv&")}{query}", site);
        var answer = await new ChannelsReport(chdb.Warehouse, new ReportsOptions(), TimeProvider.System).AnswerAsync(request, Cancel);
        Figures.Same(query, request, answer, new NaiveChannels(request).Add(people, costs));
    }

    private async Task SamePathsAsync(string site, string query, List<PlantedPerson> people)
    {
        var request = PathsRequestTests.Read($"from=2026-09-25&to=2026-11-05&timezone=Europe/Kyiv&{query}", site);
        var answer = await new PathsReport(chdb.Warehouse, new ReportsOptions(), TimeProvider.System).AnswerAsync(request, Cancel);
        var naive = NaivePaths.Of(request, people);
        Assert.NotEmpty(naive);
        var actual = answer.Now.Rows.Select(r => $"{r[0]} {r[1]} → {r[2]} {r[3]}").Order(StringComparer.Ordinal);
        Assert.Equal(naive.Select(n => $"{n.Key.Step} {n.Key.From} → {n.Key.To} {n.Value}").Order(StringComparer.Ordinal), actual);
        // Whole: who goes on from a step is who arrives at the next.
        for (var step = 2; step <= request.Steps; step++)
            Assert.Equal(naive.Where(n => n.Key.Step == step - 1 && n.Key.From != "(entry)" && n.Key.To != "(exit)").Sum(n => n.Value), naive.Where(n => n.Key.Step == step).Sum(n => n.Value));
    }

    private async Task PlantAsync(string site, List<PlantedPerson> people, List<PlantedCost> costs, int seed)
    {
        _ = chdb.Warehouse;
        using var world = new World.World(site: new Site { Id = site, Hosts = ["shop.example"], Currency = "EUR", TimeZone = "UTC" }, segments: []);
        // Day by day: what crosses from partition to partition arrives on its own day, as it does when nothing waits.
        foreach (var day in Sender.Records(people, site, seed).GroupBy(r => new World.Fact(r).TimeMs / Planter.Day))
        {
            foreach (var record in day) world.Append(record);
            world.Run();
        }
        await chdb.InsertAsync(world.Facts.Concat(costs.Select(c => c.Fact(site))));
    }
}
