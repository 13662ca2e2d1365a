using ClosedLoop.Streaming.Bench.Core;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>
/// B3a: the processor's core (decode, session, journey, channel, 20 segment rules, change detection; the state read and put back) on one core, against
/// one random read-modify-write of 64 bytes per event over as many entries, for the same sequence of people. B3a+facts: the same with all facts
/// written. B4: memory per live visitor of the same mix. B5: events per second among many people, divided by those among ten thousand.
/// </summary>
internal sealed class CoreBench : IBench
{
    private const int Usual = 1_000_000, Full = 10_000_000, Quick = 200_000, FewVisitors = 10_000, FewTimes = 5;
    /// <summary>Longer slices would make other people of them: every hit adds to somebody's history.</summary>
    private static readonly TimeSpan SliceMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FewTime = TimeSpan.FromMilliseconds(50);

    public IReadOnlyList<string> Ids => ["B3a", "B3a+facts", "B4", "B5"];

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
        var grown = (double)(Environment.WorkingSet - resident) / core.Visitors;

        var time = stage.Settings.SliceTime < SliceMax ? stage.Settings.SliceTime : SliceMax;
        (_, _) = (core.Measure(time), core.MeasureTable(table, time / 4));
        core.Silent = true;
        var decided = await CompareAsync(stage, core, table, time);
        core.Silent = false;
        var (facts, changes) = (core.Facts, core.SegmentChanges);
        var told = await CompareAsync(stage, core, table, time);
        var perEvent = FormattableString.Invariant($"{(double)(core.Facts - facts) / told.Ours.Count:0.0} facts per event, {(double)(core.SegmentChanges - changes) / told.Ours.Count:0.00} of them segment changes");
        var few = Few(FewVisitors);
        var ratio = few.CpuMicros / decided.Ours.CpuMicros;
        return
        [
            Row("B3a", $"processor core at {core.Visitors:N0} visitors, decided and kept, events on one core, against one 64-byte random read-modify-write each", decided,
                FormattableString.Invariant($"with all facts written {told.Ours.CpuMicros:0.000} µs, ratio {told.Cpu.Median:0.000}")),
            Row("B3a+facts", "the same with all facts written", told, perEvent),
            new BenchResult("B4", $"memory per live visitor, slope from {fewVisitors:N0} to {core.Visitors:N0}", new(slope, slope, slope), slope, 0,
                "bytes per visitor", "none", 512, FormattableString.Invariant($"the process grew by {grown:0} bytes per visitor, the opponent's table among them"), 1)
                { LowerIsBetter = true, IsAbsolute = true },
            new BenchResult("B5", $"events per second at {core.Visitors:N0} visitors, divided by those at {FewVisitors:N0}", new(ratio, ratio, ratio),
                1 / decided.Ours.CpuMicros * 1e6, 1 / few.CpuMicros * 1e6, "events per CPU second", "none", 0.3, $"the few met {FewTimes} times, each time anew", 1),
        ];
    }

    private static Task<Comparison> CompareAsync(Stage stage, LiveCore core, RandomTable table, TimeSpan time) => stage.CompareAsync(
        stage.Settings.RoundsOf(headline: true), () => Task.FromResult(core.Measure(time)), () => Task.FromResult(core.MeasureTable(table, time / 4)));

    private static BenchResult Row(string id, string what, Comparison comparison, string more) => new(
        id, what, comparison.Cpu, 1 / comparison.Ours.CpuMicros * 1e6, 1 / comparison.Opponent.CpuMicros * 1e6, "events per CPU second", "none, both", 0.10,
        FormattableString.Invariant($"{comparison.Ours.CpuMicros:0.000} µs against {comparison.Opponent.CpuMicros:0.000} µs per event; {more}"), comparison.Rounds);

    // Few people would soon be others: of each crowd only some events are measured.
    private static Slice Few(int visitors)
    {
        var sum = new Slice();
        for (var time = 0; time < FewTimes; time++)
        {
            using var core = new LiveCore(visitors);
            core.Populate();
            core.Silent = true;
            sum += core.Measure(FewTime);
        }
        return sum;
    }

    private static (long Bytes, long Visitors) Fewer(int visitors)
    {
        using var core = new LiveCore(visitors);
        core.Populate();
        return (core.ShelfBytes, core.Visitors);
    }
}
