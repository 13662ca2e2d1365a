using ClosedLoop.Streaming.Bench.Load;
using ClosedLoop.Streaming.Bench.Machine;
using ClosedLoop.Streaming.Bench.Measuring;
using ClosedLoop.Streaming.Bench.Servers;

namespace ClosedLoop.Streaming.Bench.Benches;

/// <summary>B1a: pixel hits over kept connections against nginx with cookie and log; both have the hit in the page cache when they answer.</summary>
internal sealed class PixelBench : IBench
{
    /// <summary>Connections of B1a; B1f's opponent uses them too.</summary>
    public const int Connections = 64, Threads = 2;

    public IReadOnlyList<string> Ids => ["B1a"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        await using var duel = await DoorDuel.StartAsync(stage);
        var comparison = await duel.RunAsync(
            new KeepAliveLoad(duel.Ours.Port, duel.KeepAlive, Connections, Threads), new KeepAliveLoad(duel.Nginx.Port, duel.KeepAlive, Connections, Threads), headline: true);
        return [duel.Result("pixel hits, keep-alive, 64 connections, against nginx empty_gif + userid + access_log", comparison, 0.7)];
    }
}

/// <summary>B1c: the same with one request per connection.</summary>
internal sealed class OneShotBench : IBench
{
    private const int Connections = 32, Threads = 2;

    public IReadOnlyList<string> Ids => ["B1c"];

    public async Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage)
    {
        await using var duel = await DoorDuel.StartAsync(stage);
        var comparison = await duel.RunAsync(
            new OneShotLoad(duel.Ours.Port, duel.OneShot, Connections, Threads), new OneShotLoad(duel.Nginx.Port, duel.OneShot, Connections, Threads), headline: true);
        return [duel.Result("pixel hits, one request per connection, against the same nginx", comparison, 0.4)];
    }
}

/// <summary>A collector and an nginx on the same core, and the requests for both.</summary>
internal sealed class DoorDuel : IAsyncDisposable
{
    public const long WarmUpHits = 200_000;
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private readonly Stage _stage;

    private DoorDuel(Stage stage, ClosedLoopServer ours, NginxServer nginx) => (_stage, Ours, Nginx) = (stage, ours, nginx);

    public ClosedLoopServer Ours { get; }
    public NginxServer Nginx { get; }
    public byte[][] KeepAlive { get; private set; } = [];
    public byte[][] OneShot { get; private set; } = [];

    public static async Task<DoorDuel> StartAsync(Stage stage)
    {
        var nginx = await NginxServer.StartAsync(stage.Folder("nginx"));
        var duel = new DoorDuel(stage, await ClosedLoopServer.StartCollectorAsync(stage.Folder("ours"), ClosedLoopServer.PageCache), nginx);
        (duel.KeepAlive, duel.OneShot) = await Traffic.BuildAsync(duel.Ours.Port, nginx.Port);
        return duel;
    }

    public async Task<Comparison> RunAsync(HitLoad ours, HitLoad opponent, bool headline)
    {
        var time = _stage.Settings.SliceTime;
        // Until our runtime has compiled hot code again with what it has learnt, which takes hits and not only time.
        var hot = new KeepAliveLoad(Ours.Port, KeepAlive, PixelBench.Connections, PixelBench.Threads);
        for (var hits = 0L; hits < WarmUpHits;) hits += hot.Run(WarmUp);
        (_, _) = (ours.Run(WarmUp), opponent.Run(WarmUp));
        var nothing = new KeepAliveLoad(Nginx.Port, ["GET /204 HTTP/1.1\r\nHost: track.shop.example\r\n\r\n"u8.ToArray()], PixelBench.Connections, PixelBench.Threads, bodyBytes: 0);
        var round = 0;
        return await _stage.CompareAsync(_stage.Settings.RoundsOf(headline), () => Task.FromResult(Ours.Measure(() => ours.Run(time))),
            () => Task.FromResult(Nginx.Measure(() => opponent.Run(time))), () =>
            {
                Nginx.EmptyLog();
                Calibrators.Sync(_stage, ++round);
                Calibrators.Memory(_stage, round);
                _stage.Report.Add(new SliceRow(_stage.Id, round, "nginx 204", Nginx.Measure(() => nothing.Run(TimeSpan.FromSeconds(1)))));
                return Task.CompletedTask;
            });
    }

    public BenchResult Result(string what, Comparison comparison, double gate)
    {
        var throughput = comparison.Throughput;
        return new BenchResult(_stage.Id, what, comparison.Cpu, comparison.Ours.CpuMicros, comparison.Opponent.CpuMicros, "µs CPU per hit", "pagecache, both", gate,
            FormattableString.Invariant($"throughput {throughput.Median:0.00} ({throughput.Low:0.00}–{throughput.High:0.00}), {comparison.Ours.PerSecond:N0} against {comparison.Opponent.PerSecond:N0} hits/s"),
            _stage.Settings.RoundsOf(headline: true));
    }

    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        await Nginx.DisposeAsync();
    }
}
