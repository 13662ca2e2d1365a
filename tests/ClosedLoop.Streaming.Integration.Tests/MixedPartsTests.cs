using ClosedLoop.Streaming.Integration.Tests.Running;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Each part switches on its own: a broker with embedded states, Redis with the embedded log. Killed in between, nothing is lost or doubled.</summary>
public sealed class MixedPartsTests : IAsyncDisposable
{
    private const int Visitors = 5, Views = 4;
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-mixed-").FullName;
    private TestBroker? _broker;
    private TestRedis? _redis;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task One_process_with_one_part_elsewhere_keeps_everything_through_a_kill(bool kafka, bool redis)
    {
        Parts.NeedEngine();
        var settings = await SettingsAsync(kafka, redis);
        await using (var first = await RunningProgram.StartAsync(_folder, [], settings))
        {
            await SendAsync(first, 0);
            await UntilSeenAsync(first, Views);
            first.Child.Kill();
        }
        await using var again = await RunningProgram.StartAsync(_folder, [], settings);
        await SendAsync(again, Views);
        await UntilSeenAsync(again, 2 * Views);
        await again.SettleAsync();
        var account = await again.DoAsync(HttpMethod.Get, "/v1/verify");
        Assert.Equal((2 * Views * Visitors, 0), (account.GetProperty("stored").GetInt64(), account.GetProperty("duplicates").GetInt64()));
        Assert.Equal(0, await again.StopAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _broker?.Dispose();
        if (_redis is not null) await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(string, string)[]> SettingsAsync(bool kafka, bool redis)
    {
        var settings = new List<(string, string)>();
        if (kafka)
        {
            _broker = TestBroker.Start();
            var options = _broker.Options();
            settings.AddRange(
            [
                ("CLOSEDLOOP_KAFKA", options.Brokers), ("ClosedLoop__Kafka__Prefix", options.Prefix), ("ClosedLoop__Kafka__Partitions", $"{options.Partitions}"),
                ("ClosedLoop__Kafka__CreateTopics", options.CreateTopics ? "true" : "false"),
            ]);
        }
        if (redis)
        {
            _redis = await TestRedis.StartAsync();
            settings.Add(("CLOSEDLOOP_REDIS", _redis.Address));
        }
        return [.. settings];
    }

    private static async Task SendAsync(RunningProgram program, int from)
    {
        for (var view = from; view < from + Views; view++)
            for (var visitor = 0; visitor < Visitors; visitor++)
                await program.DoAsync(HttpMethod.Post, "/v1/events", $$"""{"event":"page_view","site":"demo","visitor_id":"mixed{{visitor}}","url":"https://shop.example/{{view}}"}""");
    }

    private static async Task UntilSeenAsync(RunningProgram program, int views)
    {
        for (var visitor = 0; visitor < Visitors; visitor++)
            await Soon.BeTrueAsync(async () => await program.SendAsync(HttpMethod.Get, $"/v1/visitors/mixed{visitor}?site=demo") is (200, var live)
                && live.GetProperty("page_views").GetInt32() == views, () => $"{views} views of visitor {visitor}");
    }
}
