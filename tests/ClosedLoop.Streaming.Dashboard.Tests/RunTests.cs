using System.Globalization;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.World;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>Markov and Shapley from the engine's own ledger into the ledger, through log and real tables.</summary>
public sealed class RunTests(Archive archive)
{
    private const long Start = 1_793_000_000_000, Hour = 3_600_000, Day = 24 * Hour;

    [Fact]
    public async Task The_published_paths_get_the_published_credit()
    {
        using var world = WorldOf("markov");
        Way(world, "markov", "ab", 3, buys: true);
        Way(world, "markov", "ab", 1, buys: false);
        Way(world, "markov", "ac", 1, buys: true);
        Way(world, "markov", "ac", 1, buys: false);
        await RunAsync(world, "markov");
        Assert.Equal(["Affiliates 0.500000", "Email 1.500000", "Paid Search 2.000000"], Rounded(await SharesAsync("markov", "markov")));
        var effects = await TextAsync("SELECT channel, toString(effect) FROM closedloop.credit_run_effects WHERE site = 'markov' AND model = 'markov' AND goal = 'sale' ORDER BY channel");
        Assert.Equal(["Affiliates 0.25", "Email 0.75", "Paid Search 1"], effects);
    }

    [Fact]
    public async Task Shapley_shares_each_way_by_its_channels()
    {
        using var world = WorldOf("shapley");
        Way(world, "shapley", "a", 2, buys: true);
        Way(world, "shapley", "bc", 1, buys: true);
        Way(world, "shapley", "cab", 5, buys: true);
        await RunAsync(world, "shapley");
        Assert.Equal(["Affiliates 2.166670", "Email 2.166665", "Paid Search 3.666665"], await SharesAsync("shapley", "shapley"));
    }

    [Fact]
    public async Task A_second_run_posts_nothing_and_a_refund_is_shared_anew()
    {
        using var world = WorldOf("again");
        Way(world, "again", "ab", 3, buys: true);
        Way(world, "again", "ca", 2, buys: true);
        Way(world, "again", "bc", 4, buys: false);
        await RunAsync(world, "again");
        await SumsAsync("again");
        Assert.All(await RunAsync(world, "again"), run => Assert.Equal(0, run.Postings));
        var before = await SharesAsync("again", "markov");
        world.Append(Hit.About("refund", "e:again-ab-0", Start + 20 * Day).On("again").Money("again-ab-0", 33.33m).Record());
        world.Run();
        await archive.TakeAsync(world);
        Assert.All(await RunAsync(world, "again"), run => Assert.True(run.Postings > 0));
        await SumsAsync("again");
        Assert.Equal(before, await SharesAsync("again", "markov"));
        Assert.Equal(["466.67"], await TextAsync("SELECT toString(sum(amount * sign)) FROM closedloop.credits WHERE site = 'again' AND model = 'shapley'"));
    }

    [Fact]
    public async Task What_changed_outside_of_the_period_is_shared_anew_too()
    {
        using var world = WorldOf("old");
        Way(world, "old", "ab", 2, buys: true);
        await RunAsync(world, "old");
        world.Append(Hit.About("refund", "e:old-ab-1", Start + 20 * Day).On("old").Money("old-ab-1", 50).Record());
        world.Run();
        await archive.TakeAsync(world);
        await RunAsync(world, "old", new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31));
        await SumsAsync("old");
    }

    [Fact]
    public async Task Between_whole_runs_only_what_has_no_credit_is_credited()
    {
        using var world = WorldOf("hourly");
        Way(world, "hourly", "ab", 2, buys: true);
        Way(world, "hourly", "bc", 1, buys: true);
        await RunAsync(world, "hourly");
        Way(world, "hourly", "ac", 3, buys: true);
        Way(world, "hourly", "a", 5, buys: false);
        var markov = (await RunAsync(world, "hourly", whole: false)).Single(r => r.Model == "markov");
        await SumsAsync("hourly");
        // Three orders, customers and leads of two touches under two models, and nothing taken back.
        Assert.Equal(["0"], await TextAsync("SELECT toString(countIf(sign < 0)) FROM closedloop.credits WHERE site = 'hourly' AND model = 'markov'"));
        Assert.Equal(3 * 3 * 2 * 2, markov.Postings);
        await RunAsync(world, "hourly");
        await SumsAsync("hourly");
    }

    [Fact]
    public async Task A_conversion_that_nothing_explains_stays_unattributed()
    {
        using var world = WorldOf("bare");
        world.Append(Hit.About("purchase", "e:bare", Start).On("bare").Money("bare-1", 10).Record());
        world.Run();
        await archive.TakeAsync(world);
        await RunAsync(world, "bare");
        Assert.Equal(["(unattributed) 1.000000"], await SharesAsync("bare", "markov"));
        await SumsAsync("bare");
    }

    private static World.World WorldOf(string site) => new(site: new Site { Id = site, Hosts = ["shop.example"] });

    // a is paid search, b is mail, c is a partner; a visit a day, then the purchase of 100.00.
    private static void Way(World.World world, string site, string way, int times, bool buys)
    {
        for (var n = 0; n < times; n++)
        {
            var name = $"{site}-{way}-{(buys ? "" : "null-")}{n}";
            var at = Start;
            foreach (var step in way)
            {
                var (source, medium) = step switch { 'a' => ("google", "cpc"), 'b' => ("newsletter", "email"), _ => ("partner", "affiliate") };
                world.Append(Hit.Page(name, at += Day).On(site).Campaign(source, medium).Record());
            }
            if (buys) world.Append(Hit.Of("purchase", name, at + Hour).On(site).Email(name).Money(name, 100).Record());
        }
        world.Run();
    }

    private async Task<IReadOnlyList<RunView>> RunAsync(World.World world, string site, DateOnly? from = null, DateOnly? to = null, bool whole = true)
    {
        await archive.TakeAsync(world);
        var log = new MemoryLog();
        using var services = new ServiceCollection().AddSingleton<IWarehouse>(archive.Warehouse).BuildServiceProvider();
        var runner = new CreditRunner(services, log, TimeProvider.System);
        var period = new ReportPeriod(from ?? new DateOnly(2026, 10, 1), to ?? new DateOnly(2026, 12, 31), TimeZoneInfo.Utc);
        var run = await archive.WhileAsync(runner.RunAsync(new Site { Id = site }, period, whole, evenEmpty: true, CancellationToken.None), log, world);
        var runs = await new RunReader(archive.Warehouse).RunsAsync(site, run, 10, CancellationToken.None);
        Assert.Equal(["markov", "shapley"], runs.Select(r => r.Model));
        return runs;
    }

    /// <summary>Under every model each conversion's credit is its value, to the cent, and its shares are one whole.</summary>
    private async Task SumsAsync(string site) => Assert.Equal([], await TextAsync($"""
        SELECT conversion_id, model, toString(sum(amount * sign)), toString(sum(toInt64(share) * sign)), toString(any(v.revenue)) FROM closedloop.credits AS c
        LEFT ANY JOIN (SELECT conversion_id, revenue FROM closedloop.conversions_current WHERE site = '{site}') AS v ON c.conversion_id = v.conversion_id
        WHERE c.site = '{site}' GROUP BY conversion_id, model HAVING sum(amount * sign) != any(v.revenue) OR sum(toInt64(share) * sign) != 1000000
        """));

    private async Task<List<string>> SharesAsync(string site, string model) => Shown(6, await TextAsync($"""
        SELECT channel, toString(toDecimal64(sum(toInt64(share) * sign), 6) / 1000000) FROM closedloop.credits
        WHERE site = '{site}' AND model = '{model}' AND conversion_kind = 'order' GROUP BY channel HAVING sum(toInt64(share) * sign) != 0 ORDER BY channel
        """));

    // Shares of the fit are exact to a millionth of each conversion.
    private static List<string> Rounded(List<string> rows) => Shown(4, rows);

    private static List<string> Shown(int digits, List<string> rows) => [.. rows.Select(r => r.Split(' ')).Select(r =>
        $"{string.Join(' ', r[..^1])} {Math.Round(decimal.Parse(r[^1], CultureInfo.InvariantCulture), digits).ToString("0.000000", CultureInfo.InvariantCulture)}")];

    private async Task<List<string>> TextAsync(string sql) => [.. (await archive.Warehouse.RowsAsync(new WarehouseQuery(sql), CancellationToken.None))
        .Select(row => string.Join(' ', row.EnumerateArray().Select(c => c.GetString())))];
}
