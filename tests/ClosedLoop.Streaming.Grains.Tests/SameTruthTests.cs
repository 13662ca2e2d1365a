using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Testing;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Grains.Tests;

/// <summary>
/// The same hits through the pure core alone and through Kafka, Redis and silos that come, go and die: the same people, the same memberships, the
/// same books, and every fact once.
/// </summary>
public sealed class SameTruthTests
{
    private const long From = 1_795_000_000_000, Day = 86_400_000;
    private const int Visitors = 120, People = 40, HitsSent = 1500, Rounds = 2;

    [Fact]
    public async Task Silos_that_share_move_and_die_leave_what_one_core_leaves()
    {
        using var broker = TestBroker.Start();
        await using var server = await TestRedis.StartAsync();
        var (kafka, redis) = (broker.Options(), server.Options());
        (kafka.SessionTimeout, kafka.AppendTimeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        using var world = new World.World(TestBroker.Partitions, publishedMs: From);
        using var log = new KafkaLog(kafka, NullLogger<KafkaLog>.Instance);
        var sent = new int[TestBroker.Partitions];
        await SendNewAsync(world, log, sent);

        var silos = new List<OneSilo>();
        Task<OneSilo> StartAsync() => OneSilo.StartAsync(kafka, redis, new StandingClock(From));
        silos.Add(await StartAsync());
        silos.Add(await StartAsync());
        try
        {
            var now = From + Day;
            foreach (var (chunk, number) in Hits().Chunk(HitsSent / (2 * Rounds)).Select((c, i) => (c, i)))
            {
                foreach (var hit in chunk)
                {
                    now = Math.Max(now + 1, hit.At);
                    world.Append(hit.Record(now));
                }
                // Rules that change in the middle: everybody is looked at again, wherever he lives.
                if (number == Rounds) world.Publish(new PublishedRules { Version = 9, Segments = OtherRules() }, now);
                var sending = SendNewAsync(world, log, sent);
                // Somebody dies in the middle of his work, and somebody joins.
                if (number % 2 == 0)
                {
                    await silos[0].KillAsync();
                    silos.RemoveAt(0);
                }
                else silos.Add(await StartAsync());
                await sending;
            }
            await QuietAsync(silos, log);
            world.Tick(From + 60 * Day);
            await SendNewAsync(world, log, sent);
            world.Run();
            await QuietAsync(silos, log);
        }
        finally
        {
            foreach (var one in silos) await one.DisposeAsync();
        }
        await Truth.CompareAsync(world, log, redis, HitsSent);
    }

    private static List<SegmentSetting> OtherRules() =>
        [.. World.World.Defaults(), new SegmentSetting { Name = "often_here", Rule = "sessions >= 3", Version = 1 }];

    private static IEnumerable<Sent> Hits()
    {
        var traffic = new Traffic(7, Visitors, People, From, 20 * Day);
        return [.. Enumerable.Range(0, HitsSent).Select(_ => traffic.Next()).OrderBy(h => h.At)];
    }

    // What the test appended to the world and nothing that came of it: the world runs at the end.
    private static async Task SendNewAsync(World.World world, KafkaLog log, int[] sent)
    {
        var appends = new List<Task>();
        for (var p = 0; p < sent.Length; p++)
            for (; sent[p] < world.Partitions[p].Hits.Count; sent[p]++) appends.Add(log.AppendAsync(Topic.Hits, p, world.Partitions[p].Hits[sent[p]]));
        await Task.WhenAll(appends);
    }

    private static async Task QuietAsync(List<OneSilo> silos, KafkaLog log)
    {
        using var over = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        for (var quiet = 0; quiet < 3;)
        {
            var open = silos.SelectMany(s => s.Open).ToList();
            var isQuiet = open.Select(o => o.Partition).Distinct().Count() == log.Partitions && open.Count == log.Partitions
                && open.All(o => o.Next == log.EndOffset(Topic.Hits, o.Partition));
            quiet = isQuiet ? quiet + 1 : 0;
            if (over.IsCancellationRequested) Assert.Fail($"not quiet within four minutes: {string.Join(", ", open.Select(o => $"{o.Partition} at {o.Next} of {log.EndOffset(Topic.Hits, o.Partition)}"))}");
            await Task.Delay(200);
        }
    }
}
