using ClosedLoop.Streaming.Integration.Tests.Running;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Parts outside of the process that can't be used: one message with all of them, and nothing is started.</summary>
public sealed class StartCheckTests : IDisposable
{
    private static readonly TimeSpan SayMax = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task All_parts_that_can_not_be_used_are_in_one_message()
    {
        await using var redis = await TestRedis.StartAsync("--requirepass", "right-word");
        var said = await RefusedAsync(
            ("CLOSEDLOOP_KAFKA", $"127.0.0.1:{Ports.Free()}"), ("ClosedLoop__Kafka__ConnectTimeout", "00:00:03"),
            ("CLOSEDLOOP_REDIS", redis.Address), ("ClosedLoop__Redis__Password", "wrong-word"), ("ClosedLoop__Redis__ConnectTimeout", "00:00:03"),
            ("CLOSEDLOOP_CLICKHOUSE_URL", $"http://127.0.0.1:{Ports.Free()}"));
        Assert.Contains("3 parts cannot be used; nothing was started", said.Error, StringComparison.Ordinal);
        foreach (var part in new[] { "CLOSEDLOOP_KAFKA", "CLOSEDLOOP_REDIS", "CLOSEDLOOP_CLICKHOUSE_URL" }) Assert.Contains(part, said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-word", said.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Another_number_of_partitions_is_refused_with_the_number_that_is_there()
    {
        using var broker = TestBroker.Start();
        await using var redis = await TestRedis.StartAsync();
        var kafka = broker.Options();
        var said = await RefusedAsync(
            ("CLOSEDLOOP_KAFKA", kafka.Brokers), ("ClosedLoop__Kafka__Prefix", kafka.Prefix), ("ClosedLoop__Kafka__Partitions", "64"), ("ClosedLoop__Kafka__CreateTopics", "false"),
            ("CLOSEDLOOP_REDIS", redis.Address));
        Assert.Contains("64", said.Error, StringComparison.Ordinal);
        Assert.Contains("4", said.Error, StringComparison.Ordinal);
        Assert.Contains("Kafka:Partitions", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redis_that_forgets_is_refused()
    {
        await using var redis = await TestRedis.StartAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        Assert.Contains("noeviction", (await RefusedAsync(("CLOSEDLOOP_REDIS", redis.Address))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_master_key_than_the_installation_has_is_refused()
    {
        Parts.NeedEngine();
        await using (var program = await RunningProgram.StartAsync(_folder)) Assert.Equal(0, await program.StopAsync());
        var settings = RunningProgram.Settings(_folder);
        settings["CLOSEDLOOP_MASTER_KEY"] = new string('7', 64);
        using var child = ChildProgram.Start(_folder, settings, "run");
        var said = await child.EndAsync(SayMax);
        Assert.Equal(1, said.ExitCode);
        Assert.Contains("CLOSEDLOOP_MASTER_KEY", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said.Error, StringComparison.Ordinal);
    }

    private async Task<VerbResult> RefusedAsync(params (string Name, string Value)[] more)
    {
        var settings = RunningProgram.Settings(_folder);
        foreach (var (name, value) in more) settings[name] = value;
        using var child = ChildProgram.Start(_folder, settings, "run");
        var said = await child.EndAsync(SayMax);
        Assert.True(said.ExitCode == 1, said.ToString());
        Assert.DoesNotContain("   at ", said.Error, StringComparison.Ordinal);
        return said;
    }
}
