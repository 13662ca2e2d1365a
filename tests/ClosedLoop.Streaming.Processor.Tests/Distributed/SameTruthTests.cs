using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;
using ClosedLoop.Streaming.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Processor.Tests;

/// <summary>
/// The same hits through the pure core alone and through Kafka, Redis and processors that come, go and die: the same people, the same
/// memberships, the same books, and every fact once.
/// </summary>
public sealed class SameTruthTests
{
    private const long From = 1_795_000_000_000, Day = 86_400_000;
    private const int Visitors = 120, People = 40, HitsSent = 1500, Rounds = 3;

    [Fact]
    public async Task Processors_that_share_move_and_die_leave_what_one_leaves()
    {
        using var broker = TestBroker.Start();
        await using var server = await TestRedis.StartAsync();
        var (kafka, redis) = (broker.Options(), server.Options());
        (kafka.SessionTimeout, kafka.AppendTimeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3));
        using var world = new World.World(TestBroker.Partitions, publishedMs: From);
        using var log = new KafkaLog(kafka, NullLogger<KafkaLog>.Instance);
        var sent = new int[TestBroker.Partitions];
        await SendNewAsync(world, log, sent);

        var processors = new List<OneProcessor>();
        Task<OneProcessor> StartAsync() => OneProcessor.StartAsync(kafka, redis, new StandingClock(From));
        processors.Add(await StartAsync());
        try
        {
            var now = From + Day;
            var hits = Hits().Chunk(HitsSent / (2 * Rounds)).ToList();
            foreach (var (chunk, number) in hits.Select((c, i) => (c, i)))
            {
                foreach (var hit in chunk)
                {
                    now = Math.Max(now + 1, hit.At);
                    world.Append(hit.Record(now));
                }
                var sending = SendNewAsync(world, log, sent);
                // Each round somebody joins, and then somebody dies in the middle of his work.
                if (number % 2 == 0) processors.Add(await StartAsync());
                else
                {
                    await processors[0].KillAsync();
                    processors.RemoveAt(0);
                }
                await sending;
            }
            await QuietAsync(processors, log);
            world.Tick(From + 60 * Day);
            await SendNewAsync(world, log, sent);
            world.Run();
            await QuietAsync(processors, log);
        }
        finally
        {
            foreach (var one in processors) await one.DisposeAsync();
        }
        await SameTruth.CompareAsync(world, log, redis, HitsSent);
    }

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

    private static async Task QuietAsync(List<OneProcessor> processors, KafkaLog log)
    {
        using var over = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        for (var quiet = 0; quiet < 3;)
        {
            var open = processors.SelectMany(p => p.Open).ToList();
            var isQuiet = open.Select(o => o.Partition).Distinct().Count() == log.Partitions && open.Count == log.Partitions
                && open.All(o => o.Next == log.EndOffset(Topic.Hits, o.Partition));
            quiet = isQuiet ? quiet + 1 : 0;
            if (over.IsCancellationRequested) Assert.Fail($"not quiet within three minutes: {string.Join(", ", open.Select(o => $"{o.Partition} at {o.Next} of {log.EndOffset(Topic.Hits, o.Partition)}"))}");
            await Task.Delay(100);
        }
    }
}
