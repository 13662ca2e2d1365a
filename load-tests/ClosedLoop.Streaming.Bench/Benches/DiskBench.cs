using ClosedLoop.Streaming.Bench.Load;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;
using ClosedLoop.Streaming.Bench.Servers;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>
/// B1f: hits that survive a power loss, over 512 connections, against B1a's server and load in the same run. What a sync costs is waiting,
/// so throughput is the first measure here and CPU time the second.
/// </summary>
internal sealed class DiskBench : IBench
{
    private const int Connections = 512, Threads = 4;

    public IReadOnlyList<string> Ids => ["B1f"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        await using var nginx = await NginxServer.StartAsync(stage.Folder("nginx"));
        var data = stage.Folder("disk");
        await using var disk = await ClosedLoopServer.StartCollectorAsync(data, ClosedLoopServer.Disk);
        await using var memory = await ClosedLoopServer.StartCollectorAsync(stage.Folder("pagecache"), ClosedLoopServer.PageCache);
        // Each knows its own cookies only.
        var toDisk = new KeepAliveLoad(disk.Port, (await Traffic.BuildAsync(disk.Port, nginx.Port)).KeepAlive, Connections, Threads);
        var toMemory = new KeepAliveLoad(memory.Port, (await Traffic.BuildAsync(memory.Port, nginx.Port)).KeepAlive, PixelBench.Connections, PixelBench.Threads);
        foreach (var load in new[] { toDisk, toMemory })
            for (var hits = 0L; hits < DoorDuel.WarmUpHits;) hits += load.Run(DoorDuel.WarmUp);

        var (time, rounds, round) = (stage.Settings.SliceTime, stage.Settings.RoundsOf(headline: false), 0);
        var comparison = await stage.CompareAsync(rounds, () => Task.FromResult(disk.Measure(() => toDisk.Run(time))),
            () => Task.FromResult(memory.Measure(() => toMemory.Run(time))), () =>
            {
                Calibrators.Sync(stage, ++round);
                return Task.CompletedTask;
            });
        var cpu = comparison.Cpu;
        return
        [
            new BenchResult("B1f", "pixel hits that survive power loss, 512 connections, against B1a's load at pagecache", comparison.Throughput,
                comparison.Ours.PerSecond, comparison.Opponent.PerSecond, "hits/s", "disk against pagecache", 0.5,
                FormattableString.Invariant($"CPU {cpu.Median:0.00} ({cpu.Low:0.00}–{cpu.High:0.00}), {comparison.Ours.CpuMicros:0.0} against {comparison.Opponent.CpuMicros:0.0} µs per hit"), rounds),
        ];
    }
}
