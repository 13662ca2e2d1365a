using System.Diagnostics;
using ClosedLoop.Streaming.Bench.Core;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Warehouse.Chdb;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>
/// B7a: facts of the mix from a log on disk into the embedded warehouse (read, decode, sort, write down boundaries, insert, commit
/// positions) against inserting the very same blocks, prebuilt as Native bytes, into the same tables of the same engine.
/// </summary>
internal sealed class WarehouseBench : IBench
{
    private long _tokens;

    public IReadOnlyList<string> Ids => ["B7a"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        if (ChdbLocator.Find(null, out var looked) is null) throw new BenchSkippedException($"libchdb.so was not found ({string.Join(", ", looked)}).");
        var options = new WarehouseOptions { Folder = stage.Folder("warehouse"), Synced = true };
        await using var engine = new ChdbWarehouse(options);
        var warehouse = new RecordedWarehouse(engine);
        await warehouse.StartAsync(CancellationToken.None);
        var facts = Facts(stage.Settings.Quick ? 50_000 : 120_000);

        warehouse.Records = true;
        await SinkAsync(stage, warehouse, options, facts);
        warehouse.Records = false;
        var tables = warehouse.Blocks.Select(b => b.Table).Distinct().ToList();
        var rows = warehouse.Blocks.Sum(b => (long)b.Rows);
        stage.Say($"{rows:N0} rows in {warehouse.Blocks.Count} blocks of {string.Join(", ", tables)}");
        await EmptyAsync(warehouse, tables);

        var rounds = stage.Settings.RoundsOf(headline: false);
        var comparison = await stage.CompareAsync(rounds, async () =>
        {
            var slice = await SinkAsync(stage, warehouse, options, facts);
            await EmptyAsync(warehouse, tables);
            return slice with { Count = rows };
        }, async () =>
        {
            var slice = await InsertAsync(warehouse, rows);
            await EmptyAsync(warehouse, tables);
            return slice;
        });
        var cpu = comparison.Cpu;
        return
        [
            new BenchResult("B7a", $"rows from the log into the warehouse ({rows:N0} rows, {tables.Count} tables), against INSERT of the same blocks prebuilt as Native", comparison.Throughput,
                comparison.Ours.PerSecond, comparison.Opponent.PerSecond, "rows/s", "disk, both", 0.5,
                FormattableString.Invariant($"CPU {cpu.Median:0.00} ({cpu.Low:0.00}–{cpu.High:0.00}), {comparison.Ours.CpuMicros:0.00} against {comparison.Opponent.CpuMicros:0.00} µs per row"), rounds),
        ];
    }

    private static List<(int Count, byte[] Bytes)> Facts(int visitors)
    {
        var facts = new List<(int, byte[])>();
        using var core = new LiveCore(visitors) { Keep = (count, bytes) => facts.Add((count, bytes)) };
        core.Populate();
        return facts;
    }

    /// <summary>A log of its own holds the facts; the time from starting the sink until nothing is left.</summary>
    private async Task<Slice> SinkAsync(Stage stage, IWarehouse warehouse, WarehouseOptions options, List<(int Count, byte[] Bytes)> facts)
    {
        var path = Path.Combine(stage.Folder($"log{_tokens++}"), "closedloop.db");
        await using var services = new ServiceCollection().AddLogging()
            .AddEmbeddedLog(new EmbeddedLogOptions { Path = path, Durability = Durability.Disk })
            .AddSingleton(options).AddSingleton<WarehouseTelemetry>().AddSingleton(warehouse).AddWarehouseSink().BuildServiceProvider();
        var file = services.GetRequiredService<IEmbeddedFile>();
        for (var i = 0; i < facts.Count; i++)
            await file.SubmitAsync(new CommitUnit([new AppendBlock(Topic.Facts, i % 4, facts[i].Count, facts[i].Bytes)], null, facts[i].Bytes.Length, Background: false));
        var sink = services.GetRequiredService<WarehouseSink>();
        var (wall, cpu) = (Stopwatch.GetTimestamp(), Cpu);
        await sink.StartAsync(CancellationToken.None);
        while (!sink.IsReady || sink.LagFacts > 0) await Task.Delay(5);
        var slice = new Slice(facts.Sum(f => (long)f.Count), Stopwatch.GetElapsedTime(wall).TotalSeconds, Cpu - cpu);
        await sink.StopAsync(CancellationToken.None);
        return slice;
    }

    private async Task<Slice> InsertAsync(RecordedWarehouse warehouse, long rows)
    {
        var (wall, cpu) = (Stopwatch.GetTimestamp(), Cpu);
        foreach (var block in warehouse.Blocks) await warehouse.InsertAsync(block, $"bench-{_tokens++}", CancellationToken.None);
        return new Slice(rows, Stopwatch.GetElapsedTime(wall).TotalSeconds, Cpu - cpu);
    }

    private static async Task EmptyAsync(IWarehouse warehouse, List<string> tables)
    {
        foreach (var table in tables) await warehouse.ExecuteAsync($"TRUNCATE TABLE closedloop.{table}", CancellationToken.None);
    }

    private static double Cpu => Environment.CpuUsage.TotalTime.TotalSeconds;
}
