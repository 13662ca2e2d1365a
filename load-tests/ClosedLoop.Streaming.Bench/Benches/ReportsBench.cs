using System.Diagnostics;
using ClosedLoop.Streaming.Bench.Core;
using ClosedLoop.Streaming.Bench.Measuring;
using ClosedLoop.Streaming.Reports;
using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Warehouse.Chdb;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>
/// B7b: the reports as they are asked (rows, total, ratios, answer as JSON) against the best SQL that we could write by hand for the same
/// figures on the same tables. The ratio is opponent ÷ ours of wall time, the median over the questions; above 1 we are faster.
/// </summary>
internal sealed class ReportsBench : IBench
{
    public IReadOnlyList<string> Ids => ["B7b"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        if (ChdbLocator.Find(null, out var looked) is null) throw new BenchSkippedException($"libchdb.so was not found ({string.Join(", ", looked)}).");
        await using var engine = new ChdbWarehouse(new WarehouseOptions { Folder = stage.Folder("reports"), Synced = false });
        await engine.StartAsync(CancellationToken.None);
        var events = stage.Settings.Quick ? 500_000 : 5_000_000;
        foreach (var statement in ReportsTraffic.Statements(events)) await engine.ExecuteAsync(statement, CancellationToken.None);
        stage.Say($"{events:N0} events, {ReportsTraffic.Leads(events):N0} leads");

        var rounds = stage.Settings.RoundsOf(headline: false);
        var results = new List<(string Name, Comparison Comparison)>();
        foreach (var question in ReportsQuestions.All(engine))
        {
            await question.Ours();
            await question.ByHand();
            stage.Say(question.Name);
            results.Add((question.Name, await stage.CompareAsync(rounds, () => OnceAsync(question.Ours), () => OnceAsync(question.ByHand))));
        }
        var ratios = results.Select(r => r.Comparison.Throughput.Median).ToArray();
        var each = string.Join(", ", results.Select(r => FormattableString.Invariant($"{r.Name} {1 / r.Comparison.Throughput.Median:0.00} ({r.Comparison.Ours.Seconds / r.Comparison.Ours.Count:0.00} s)")));
        return
        [
            new BenchResult("B7b", $"reports on {events:N0} events and {ReportsTraffic.Leads(events):N0} leads, against hand-written SQL on the same tables; time ÷ time, median of {results.Count} questions",
                Interval.OfMedian([.. ratios.Select(r => 1 / r)]),
                results.Average(r => r.Comparison.Ours.Seconds / r.Comparison.Ours.Count), results.Average(r => r.Comparison.Opponent.Seconds / r.Comparison.Opponent.Count),
                "s", "—", 1.5, each, rounds) { LowerIsBetter = true },
        ];
    }

    private static async Task<Slice> OnceAsync(Func<Task> ask)
    {
        var (wall, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime.TotalSeconds);
        await ask();
        return new Slice(1, Stopwatch.GetElapsedTime(wall).TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds - cpu);
    }
}
