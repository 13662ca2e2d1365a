using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks.Tests;

/// <summary>PROOF W1: receivers that answer anything; each message is delivered at least once, or given up with a record.</summary>
public class WeatherTests
{
    private const int Endpoints = 10, People = 100, FactsEach = 10;

    private static async Task<(Messenger, Weather)> StartAsync(int seed)
    {
        // A person whose every message is given up keeps its lane busy for a month and more: dead letters must not age away meanwhile.
        var messenger = await Messenger.StartAsync(new WebhooksOptions { DeadAgeMax = TimeSpan.FromDays(400) }, m =>
        {
            for (var i = 0; i < Endpoints; i++) m.Settings.Endpoint($"{(char)('a' + i)}");
        });
        return (messenger, new Weather(messenger, seed));
    }

    private static async Task FactAsync(Messenger messenger, Weather weather, string person, int order)
    {
        var fact = Facts.Entered(person, order, $"s{order}");
        weather.Expect(MessageId.Text(MessageId.Of(Facts.Read(fact), MessageType.SegmentEntered)), person, order);
        await messenger.FactAsync(fact);
    }

    private static HashSet<(string, string)> DeadOf(Messenger messenger) => [.. Enumerable.Range(0, Endpoints).Select(i => $"{(char)('a' + i)}")
        .SelectMany(e => messenger.Deliveries.DeadLetters(e, 0, 10_000).Select(d => ($"{e}.example", d.Id)))];

    private static void Settle(Messenger messenger, Weather weather)
    {
        while (messenger.Load.Open > 0)
        {
            weather.Clear(int.MaxValue);
            if (!messenger.Time.AdvanceToNext(TimeSpan.FromDays(3))) Assert.True(weather.Pending > 0 || messenger.Load.Open == 0, "something waits for nothing");
        }
    }

    // A million deliveries in the long run, as PROOF W1 asks.
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Long ? 100 : 1)];

    public static TheoryData<int> CrashSeeds => [.. Enumerable.Range(1_000, Long ? 200 : 2)];

    private static bool Long => Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_LONG") == "1";

    [Theory, MemberData(nameof(Seeds))]
    public async Task Ten_thousand_deliveries_in_any_weather(int seed)
    {
        var (messenger, weather) = await StartAsync(seed);
        await using var _ = messenger;
        weather.GivenUp = (host, id) => weather.Attempts.TryGetValue((host, id), out var times) && times.Count == RetrySchedule.AttemptsMax;
        for (var order = 0; order < FactsEach; order++)
        {
            for (var p = 0; p < People; p++) await FactAsync(messenger, weather, $"p{p}", order);
            weather.Clear(50);
            messenger.Time.Advance(TimeSpan.FromSeconds(3));
            if (order % 3 == 0) await messenger.WriteAsync();
        }
        Settle(messenger, weather);
        await messenger.WriteAsync();

        var dead = DeadOf(messenger);
        foreach (var host in Enumerable.Range(0, Endpoints).Select(i => $"{(char)('a' + i)}.example"))
            Assert.All(weather.Ids, id => Assert.True(weather.Delivered.Contains((host, id)) ^ dead.Contains((host, id)), $"{host} {id}"));
        Assert.Equal(Endpoints * People * FactsEach, weather.Attempts.Count);
        Assert.All(weather.Attempts.Values, times =>
        {
            Assert.InRange(times.Count, 1, RetrySchedule.AttemptsMax);
            for (var i = 1; i < times.Count; i++) Assert.True(times[i] - times[i - 1] >= RetrySchedule.Delay(i).TotalMilliseconds);
        });
        Assert.All(dead, letter => Assert.Equal(RetrySchedule.AttemptsMax, weather.Attempts[letter].Count));
        Assert.Equal(People * FactsEach, messenger.Position);
        Assert.Equal((0, 0L), (messenger.Load.Unwritten, messenger.Load.BodyBytes));
    }

    [Theory, MemberData(nameof(CrashSeeds))]
    public async Task Crashes_at_any_moment_lose_nothing(int seed)
    {
        var (messenger, weather) = await StartAsync(seed);
        await using var _ = messenger;
        var chance = new Random(seed);
        var orders = new Dictionary<string, int>();
        // What was given up before a crash may not have been written; then its attempts begin again.
        weather.GivenUp = (host, id) => weather.Attempts.TryGetValue((host, id), out var times) && times.Count >= RetrySchedule.AttemptsMax;
        for (var step = 0; step < 400; step++)
        {
            var person = $"p{chance.Next(20)}";
            await FactAsync(messenger, weather, person, orders[person] = orders.GetValueOrDefault(person) + 1);
            weather.Clear(chance.Next(3));
            if (chance.Next(3) == 0) messenger.Time.Advance(TimeSpan.FromSeconds(chance.Next(400)));
            if (chance.Next(10) == 0) await messenger.WriteAsync(everything: chance.Next(2) == 0);
            if (chance.Next(40) == 0)
            {
                // Now and then the disk fails in the middle of a write, and then the process dies.
                messenger.File.UnitsLeft = chance.Next(4);
                await messenger.WriteAsync();
                messenger.Crash();
                weather.Lose();
                messenger.File.UnitsLeft = -1;
                await messenger.StartAsync();
            }
        }
        Settle(messenger, weather);
        await messenger.WriteAsync();

        var dead = DeadOf(messenger);
        foreach (var host in Enumerable.Range(0, Endpoints).Select(i => $"{(char)('a' + i)}.example"))
            Assert.All(weather.Ids, id => Assert.True(weather.Delivered.Contains((host, id)) || dead.Contains((host, id)), $"{host} {id}"));
        Assert.Equal(400, messenger.Position);
        Assert.Equal(0, messenger.Load.Open);
    }
}
