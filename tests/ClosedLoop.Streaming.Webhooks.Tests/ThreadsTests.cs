using System.Collections.Concurrent;
using System.Text.Json;
using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>All partitions, real sockets and real threads at once: what holds in order must hold here too.</summary>
public class ThreadsTests
{
    private const int People = 40, FactsEach = 25;

    [Fact]
    public async Task A_moody_receiver_gets_everything_once_at_a_time_and_in_order()
    {
        var underWay = new ConcurrentDictionary<string, int>();
        var received = new ConcurrentDictionary<string, ConcurrentQueue<int>>();
        var overlaps = 0;
        var mood = 0;
        await using var sink = new HttpSink
        {
            Answer = async (request, socket, stop) =>
            {
                var data = JsonDocument.Parse(request.Body).RootElement.GetProperty("data");
                var person = data.GetProperty("visitor_id").GetString()!;
                if (underWay.AddOrUpdate(person, 1, (_, n) => n + 1) > 1) Interlocked.Increment(ref overlaps);
                var turn = Interlocked.Increment(ref mood);
                if (turn % 7 == 0) await Task.Delay(turn % 5, stop);
                if (turn % 11 != 0) received.GetOrAdd(person, _ => new()).Enqueue(data.GetProperty("sequence").GetInt32());
                underWay.AddOrUpdate(person, 0, (_, n) => n - 1);
                return turn % 13 == 0 ? await HttpSink.Reset(request, socket, stop) : await HttpSink.Status(turn % 11 == 0 ? 500 : 200)(request, socket, stop);
            },
        };
        await using var installation = new Installation();
        await installation.StartAsync();
        await installation.EndpointAsync("a", sink.Url);
        await Task.WhenAll(Enumerable.Range(0, People).Select(p => Task.Run(async () =>
        {
            for (var i = 1; i <= FactsEach; i++) await installation.Log.AppendAsync(Topic.Facts, p % 4, Facts.Entered($"p{p}", i, $"s{i}"));
        })));
        await Installation.UntilAsync(() =>
        {
            // The schedule's seconds are not what this is about.
            installation.Deliveries.ReplayAsync("a", 0, null, default).GetAwaiter().GetResult();
            return received.Count == People && received.Values.All(r => r.Contains(FactsEach)) && installation.Deliveries.Status("a").Waiting == 0;
        });
        Assert.Equal(0, overlaps);
        Assert.Equal(0, installation.Deliveries.Status("a").Dead);
        // A reset after the receiver had it is sent again: repeats, but never a step back past one that was missing.
        Assert.All(received.Values, numbers => Assert.Equal(Enumerable.Range(1, FactsEach), numbers.Distinct()));
        await installation.StopAsync();
    }

    [Fact]
    public async Task When_too_much_is_unwritten_the_reader_waits_for_the_file_and_not_for_the_receiver()
    {
        await using var sink = new HttpSink { Answer = HttpSink.Hang };
        await using var installation = new Installation();
        await installation.StartAsync(new WebhooksOptions { Allow = ["127.0.0.0/8"], UnwrittenMax = 5, WriteEvery = TimeSpan.FromSeconds(30) });
        await installation.EndpointAsync("a", sink.Url);
        for (var i = 0; i < 200; i++) await installation.Log.AppendAsync(Topic.Facts, i % 4, Facts.Entered($"p{i}", 1));
        await Installation.UntilAsync(() => installation.Deliveries.Status("a").Waiting == 200);
        await installation.StopAsync();
        await installation.StartAsync();
        Assert.Equal(200, installation.Deliveries.Status("a").Waiting);
        await installation.StopAsync();
    }
}
