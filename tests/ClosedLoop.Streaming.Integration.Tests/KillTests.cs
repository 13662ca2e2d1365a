using ClosedLoop.Streaming.Integration.Tests.Killing;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>kill -9 under load, again and again over one data folder: what was answered is there once, and nothing is told twice under two names.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LoadMin = TimeSpan.FromMilliseconds(700);
    private const int LoadSpreadMs = 1_000;

    /// <summary>Together ten in each run, sixty by hand (CLOSEDLOOP_TEST_LONG=1).</summary>
    private static int Rounds => Parts.IsLong ? 30 : 5;

    [Theory]
    [InlineData("disk", 1)]
    [InlineData("pagecache", 2)]
    public async Task Killed_under_load_nothing_answered_is_lost_or_doubled(string durability, int seed)
    {
        Parts.NeedEngine();
        var folder = Directory.CreateTempSubdirectory("closedloop-kill-").FullName;
        var dice = new Random(seed);
        var ledger = new Ledger();
        var traffic = new Traffic(ledger, durability[..1]);
        await using var sink = await WebhookSink.StartAsync();
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                await using var program = await RunningProgram.StartAsync(folder, durability);
                if (round == 1) await sink.RegisterAsync(program, first: true);
                await traffic.RunAsync(program, LoadMin + TimeSpan.FromMilliseconds(dice.Next(LoadSpreadMs)), program.Child.Kill);
                output.WriteLine($"round {round}: {ledger.Acknowledged.Count} events acknowledged, {ledger.Unanswered} requests without an answer, {ledger.Unavailable} times 503 so far");
            }
            await using var last = await RunningProgram.StartAsync(folder, durability);
            await traffic.FinishAsync(last);
            await EveryAcknowledgedEventIsThereOnce(last, ledger);
            await last.VerifyAsync();
            await EveryChangeWasToldUnderOneName(last, sink);
            Assert.Equal(0, await last.StopAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task EveryAcknowledgedEventIsThereOnce(RunningProgram program, Ledger ledger)
    {
        await program.SettleAsync();
        var rows = (await program.RowsAsync("SELECT event_id, count() FROM events WHERE startsWith(event_id, 'k-') GROUP BY event_id")).ToDictionary(r => r[0], r => int.Parse(r[1]));
        var acknowledged = ledger.Acknowledged;
        output.WriteLine($"{acknowledged.Count} events acknowledged, {rows.Count} in the warehouse");
        Assert.True(acknowledged.Count >= 100 * Rounds, $"only {acknowledged.Count} events were acknowledged");
        Assert.Empty(acknowledged.Where(id => !rows.ContainsKey(id)).Order(StringComparer.Ordinal));
        Assert.Empty(rows.Where(r => r.Value != 1).Select(r => $"{r.Key}: {r.Value} times"));
    }

    private async Task EveryChangeWasToldUnderOneName(RunningProgram program, WebhookSink sink)
    {
        var changes = (await program.RowsAsync("SELECT visitor_id, lead_id, sequence, segment, change FROM segment_changes WHERE history = 0")).Select(r => string.Join(' ', r)).ToList();
        Assert.Equal(changes.Count, changes.Distinct().Count());
        await Soon.BeTrueAsync(() => sink.All.Select(NameOf).Distinct().Count() >= changes.Count,
            () => $"{changes.Count} changes told; {sink.All.Select(NameOf).Distinct().Count()} were. Missing: {string.Join("; ", changes.Except(sink.All.Select(NameOf)).Take(5))}");
        var told = sink.All.Select(d => (Change: NameOf(d), d.Id)).Distinct().ToList();
        output.WriteLine($"{changes.Count} changes, {sink.All.Count} deliveries, {told.Count} webhook ids");
        Assert.Empty(told.Select(t => t.Change).Except(changes));
        Assert.Empty(told.GroupBy(t => t.Change).Where(g => g.Count() > 1).Select(g => $"{g.Key} has the ids {string.Join(", ", g.Select(t => t.Id))}"));
        Assert.Empty(told.GroupBy(t => t.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key} names {string.Join(", ", g.Select(t => t.Change))}"));
    }

    private static string NameOf(Delivered d) =>
        $"{d.Text("visitor_id")} {d.Text("lead_id")} {d.Sequence} {d.Text("segment")} {(d.Type == "segment.entered" ? "entered" : "left")}";
}
