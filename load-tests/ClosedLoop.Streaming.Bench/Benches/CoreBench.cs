using ClosedLoop.Streaming.Bench.Core;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>
/// B3a: the processor's core (decode, session, journey, channel, 20 segment rules, change detection, facts) on one core, against one random
/// read-modify-write of 64 bytes per event over as many entries, for the same sequence of people. B4: memory per live visitor of the same mix.
/// </summary>
internal sealed class CoreBench : IBench
{
    private const int Usual = 1_000_000, Full = 10_000_000, Quick = 200_000;

    public IReadOnlyList<string> Ids => ["B3a", "B4"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        var visitors = stage.Settings.Full ? Full : stage.Settings.Quick ? Quick : Usual;
        stage.Say($"lets {visitors / 10:N0} and then {visitors:N0} visitors come by");
        var (fewBytes, fewVisitors) = Fewer(visitors / 10);
        using var table = new RandomTable(visitors);
        using var core = new LiveCore(visitors);
        var resident = Environment.WorkingSet;
        core.Populate(people =>
        {
            foreach (var visitor in people) table.Touch(visitor);
        });
        var slope = (double)(core.ShelfBytes - fewBytes) / (core.Visitors - fewVisitors);
        var memory = new BenchResult("B4", $"memory per live visitor, slope from {fewVisitors:N0} to {core.Visitors:N0}", new(slope, slope, slope), slope, 0,
            "bytes per visitor", "none", 512, FormattableString.Invariant($"the process grew by {(double)(Environment.WorkingSet - resident) / core.Visitors:0} bytes per visitor, the opponent's table among them"), 1)
            { LowerIsBetter = true, IsAbsolute = true };

        var time = stage.Settings.SliceTime;
        (_, _) = (core.Measure(time), core.MeasureTable(table, time / 4));
        var (factsBefore, changesBefore) = (core.Facts, core.SegmentChanges);
        var rounds = stage.Settings.RoundsOf(headline: true);
        var comparison = await stage.CompareAsync(rounds, () => Task.FromResult(core.Measure(time)), () => Task.FromResult(core.MeasureTable(table, time / 4)));
        return
        [
            new BenchResult("B3a", $"processor core at {core.Visitors:N0} visitors, events on one core, against one 64-byte random read-modify-write each", comparison.Cpu,
                1 / comparison.Ours.CpuMicros * 1e6, 1 / comparison.Opponent.CpuMicros * 1e6, "events per CPU second", "none, both", 0.10,
                FormattableString.Invariant($"{comparison.Ours.CpuMicros:0.000} µs against {comparison.Opponent.CpuMicros:0.000} µs per event; by the clock {comparison.Throughput.Median:0.000}; {(double)(core.Facts - factsBefore) / comparison.Ours.Count:0.0} facts per event, {(double)(core.SegmentChanges - changesBefore) / comparison.Ours.Count:0.0} of them segment changes"), rounds),
            memory,
        ];
    }

    private static (long Bytes, long Visitors) Fewer(int visitors)
    {
        using var core = new LiveCore(visitors);
        core.Populate();
        return (core.ShelfBytes, core.Visitors);
    }
}
