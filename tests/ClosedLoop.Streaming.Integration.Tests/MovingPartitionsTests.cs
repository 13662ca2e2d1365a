using ClosedLoop.Streaming.Integration.Tests.Running;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>
/// R20 and R5: processors are killed and started under load, and the broker and Redis go away for a while. Afterwards every event that was
/// answered stands in the facts exactly once, and each person's changes in their order, as only one owner at a time can say them.
/// </summary>
public sealed class MovingPartitionsTests(ITestOutputHelper output, ServedEngine engine) : IAsyncDisposable
{
    private const string MasterKey = "77f1c0de7b2f4860a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6aa01";
    private readonly List<RunningProgram> _programs = [];
    private TestBroker _broker = null!;
    private TestRedis _redis = null!;
    private KafkaLogOptions _kafka = null!;

    /// <summary>Three in each run, twenty by hand.</summary>
    private static int Rounds => Parts.IsLong ? 20 : 3;

    private static TimeSpan Away => TimeSpan.FromSeconds(Parts.IsLong ? 30 : 10);

    [Fact]
    public async Task Processors_killed_under_load_lose_and_double_nothing()
    {
        var (collector, processors) = await StartAsync();
        var traffic = new SteadyTraffic(collector);
        using var stop = new CancellationTokenSource();
        var sending = traffic.RunAsync(stop.Token);
        for (var round = 1; round <= Rounds; round++)
        {
            await Task.Delay(1500);
            processors[0].Child.Kill();
            processors.RemoveAt(0);
            processors.Add(await RunAsync("processor"));
            output.WriteLine($"round {round}: {traffic.Acknowledged.Count} acknowledged");
        }
        await stop.CancelAsync();
        await sending;
        Assert.Equal(0, traffic.Unavailable);
        await EverythingIsThereOnceAsync(traffic);
    }

    [Fact]
    public async Task The_broker_and_redis_away_for_a_while_lose_and_double_nothing()
    {
        var (collector, processors) = await StartAsync();
        Assert.SkipUnless(_broker.IsMock, "a real broker is not switched off by a test");
        var traffic = new SteadyTraffic(collector);
        using var stop = new CancellationTokenSource();
        var sending = traffic.RunAsync(stop.Token);
        await Task.Delay(1500);

        await _redis.KillAsync();
        var before = traffic.Acknowledged.Count;
        await Soon.BeTrueAsync(async () => (await processors[0].SendAsync(HttpMethod.Get, "/health/ready")).Status == 503, () => "the processor says that it is not ready");
        await Task.Delay(Away);
        Assert.True(traffic.Acknowledged.Count > before, "the collector answered while Redis was away");
        Assert.Equal(0, traffic.Unavailable);
        await _redis.RunAsync();
        await Soon.BeTrueAsync(async () => (await processors[0].SendAsync(HttpMethod.Get, "/health/ready")).Status == 200, () => "the processor is ready again");

        _broker.SetAway(true);
        await Soon.BeTrueAsync(async () => (await collector.SendAsync(HttpMethod.Get, "/health/ready")).Status == 503, () => "the collector says that it is not ready");
        await Task.Delay(Away);
        Assert.True(traffic.Unavailable > 0, "the collector said 503 while the broker was away");
        _broker.SetAway(false);
        await Soon.BeTrueAsync(async () => (await collector.SendAsync(HttpMethod.Get, "/health/ready")).Status == 200, () => "the collector is ready again");
        before = traffic.Acknowledged.Count;
        await Soon.BeTrueAsync(() => traffic.Acknowledged.Count > before + 20, () => "the collector takes hits again");
        await stop.CancelAsync();
        await sending;
        output.WriteLine($"{traffic.Acknowledged.Count} acknowledged, {traffic.Unavailable} times 503");
        await EverythingIsThereOnceAsync(traffic);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _broker?.Dispose();
    }

    private async Task<(RunningProgram Collector, List<RunningProgram> Processors)> StartAsync()
    {
        _broker = TestBroker.Start();
        _redis = await TestRedis.StartAsync("--appendonly", "yes");
        _kafka = _broker.Options();
        // Writes the first settings, and then only looks on.
        await RunAsync("dashboard", ("CLOSEDLOOP_CLICKHOUSE_URL", (await engine.GetAsync()).Url));
        var processors = new List<RunningProgram> { await RunAsync("processor"), await RunAsync("processor") };
        return (await RunAsync("collector"), processors);
    }

    private async Task<RunningProgram> RunAsync(string role, params (string, string)[] more)
    {
        var program = await RunningProgram.StartAsync(null, [role],
        [
            ("CLOSEDLOOP_KAFKA", _kafka.Brokers), ("CLOSEDLOOP_REDIS", _redis.Address), ("CLOSEDLOOP_MASTER_KEY", MasterKey),
            ("ClosedLoop__Kafka__Prefix", _kafka.Prefix), ("ClosedLoop__Kafka__Partitions", $"{_kafka.Partitions}"), ("ClosedLoop__Kafka__AppendTimeout", "00:00:03"),
            ("ClosedLoop__Kafka__CreateTopics", _kafka.CreateTopics ? "true" : "false"), ("ClosedLoop__Kafka__SessionTimeout", "00:00:06"), .. more,
        ]);
        _programs.Add(program);
        return program;
    }

    private async Task EverythingIsThereOnceAsync(SteadyTraffic traffic)
    {
        Facts? facts = null;
        await Soon.BeTrueAsync(async () =>
        {
            facts = await Facts.ReadAsync(_kafka);
            return traffic.Acknowledged.All(facts.StoredEvents.ContainsKey);
        }, () => $"all {traffic.Acknowledged.Count} events; {traffic.Acknowledged.Count(id => !facts!.StoredEvents.ContainsKey(id))} are missing");
        output.WriteLine($"{facts!.Count} facts, {facts.Changes} changes of segments");
        Assert.Empty(facts.StoredEvents.Where(e => e.Value != 1).Select(e => $"{e.Key}: {e.Value} times"));
        Assert.Empty(facts.Violations);
        Assert.True(facts.Changes > 0);
    }
}
