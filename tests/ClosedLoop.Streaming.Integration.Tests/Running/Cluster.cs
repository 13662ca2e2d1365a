using System.Text.Json;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>
/// The distributed form on this machine: a broker (or librdkafka's mock of one), a real Redis, ClickHouse's interface, and one process per role.
/// Programs come and go; the parts stay.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string MasterKey = "5d1c9a7e3b2f4860a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718";

    private readonly TestBroker _broker;
    private readonly TestRedis _redis;
    private readonly (string Name, string Value)[] _settings;
    private readonly List<RunningProgram> _programs = [];

    private Cluster(TestBroker broker, TestRedis redis, string clickHouse)
    {
        (_broker, _redis) = (broker, redis);
        var kafka = broker.Options();
        _settings =
        [
            ("CLOSEDLOOP_KAFKA", kafka.Brokers), ("CLOSEDLOOP_REDIS", redis.Address), ("CLOSEDLOOP_CLICKHOUSE_URL", clickHouse),
            ("CLOSEDLOOP_MASTER_KEY", MasterKey), ("ClosedLoop__Kafka__Prefix", kafka.Prefix), ("ClosedLoop__Kafka__Partitions", $"{kafka.Partitions}"),
            ("ClosedLoop__Kafka__CreateTopics", kafka.CreateTopics ? "true" : "false"), ("ClosedLoop__Kafka__SessionTimeout", "00:00:10"),
        ];
    }

    public TestRedis Redis => _redis;

    public IReadOnlyList<(string Name, string Value)> Settings => _settings;

    public static async Task<Cluster> StartAsync(ServedEngine engine)
    {
        var clickHouse = (await engine.GetAsync()).Url;
        var broker = TestBroker.Start();
        return new Cluster(broker, await TestRedis.StartAsync(), clickHouse);
    }

    /// <summary>One more process; the roles with commas between them.</summary>
    public async Task<RunningProgram> RunAsync(string roles, params (string Name, string Value)[] more)
    {
        var program = await RunningProgram.StartAsync(null, [roles], [.. _settings, .. more]);
        _programs.Add(program);
        return program;
    }

    /// <summary>What a process says of its readiness: status and the body.</summary>
    public static async Task<(int Status, JsonElement Body)> ReadyAsync(RunningProgram program) => await program.SendAsync(HttpMethod.Get, "/health/ready");

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
        await _redis.DisposeAsync();
        _broker.Dispose();
    }
}
