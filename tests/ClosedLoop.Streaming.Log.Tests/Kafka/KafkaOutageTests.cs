using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>The broker goes away and comes back: what was confirmed is there, what was refused was said, and nothing grows without bound.</summary>
public sealed class KafkaOutageTests
{
    [Fact]
    public async Task Appends_are_refused_while_it_is_away_and_go_on_by_themselves()
    {
        using var broker = TestBroker.Start();
        Assert.SkipUnless(broker.IsMock, "a real broker is not switched off by a test");
        var options = broker.Options();
        (options.AppendTimeout, options.QueueBytesMax) = (TimeSpan.FromSeconds(2), 100_000);
        using var log = BrokerFixture.Open(options);
        var confirmed = new List<string>();
        for (var i = 0; i < 10; i++) await AppendAsync(log, "before " + i, confirmed);
        var reading = ReadAsync(log, confirmed);

        broker.SetAway(true);
        var waiting = Enumerable.Range(0, 200).Select(_ => log.AppendAsync(Topic.Hits, 0, new byte[1000])).ToList();
        Assert.Contains(waiting, w => w.IsFaulted && w.Exception!.InnerException is LogUnavailableException { Reason: Refusals.QueueFullReason });
        var reasons = new HashSet<string>();
        foreach (var append in waiting)
        {
            try { await append; }
            catch (LogUnavailableException e) { reasons.Add(e.Reason); }
        }
        Assert.Equal([Refusals.QueueFullReason, KafkaRefusals.TimeoutReason], reasons.Order(StringComparer.Ordinal).Reverse());
        log.LookAfter();
        Assert.False(log.IsAccepting);

        broker.SetAway(false);
        for (var tries = 0; confirmed.Count < 20 && tries < 60; tries++) await AppendAsync(log, "after " + confirmed.Count, confirmed);
        Assert.Equal(20, confirmed.Count);
        Assert.Equal(confirmed, (await reading).Where(t => t.Length < 100));
        for (var tries = 0; !log.IsAccepting && tries < 100; tries++)
        {
            await Task.Delay(100);
            log.LookAfter();
        }
        Assert.True(log.IsAccepting);
    }

    private static async Task AppendAsync(KafkaLog log, string text, List<string> confirmed)
    {
        try
        {
            await log.AppendAsync(Topic.Hits, 0, System.Text.Encoding.UTF8.GetBytes(text));
            confirmed.Add(text);
        }
        catch (LogUnavailableException) { await Task.Delay(100); }
    }

    // The reader is never told anything: it waits, and goes on.
    private static async Task<List<string>> ReadAsync(KafkaLog log, List<string> confirmed)
    {
        var soon = new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token;
        var texts = new List<string>();
        for (var next = 0L; confirmed.Count < 20 || !texts.Contains(confirmed[^1]);)
        {
            var slice = await log.ReadAsync(Topic.Hits, 0, next, 1 << 20, soon);
            foreach (var record in slice) texts.Add(System.Text.Encoding.UTF8.GetString(record.Span));
            next = slice.Next;
        }
        return texts;
    }
}
