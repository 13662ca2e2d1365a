using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>What happens when Redis goes away or forgets.</summary>
public sealed class RedisServerTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_open)) await part.DisposeAsync();
    }

    [Fact]
    public async Task States_of_another_log_are_refused()
    {
        var redis = await StartAsync();
        using var link = await RedisLink.OpenAsync(redis.Options());
        using var first = new Shelf();
        using var second = new Shelf();
        await new RedisJournal(link, new MemoryLog(), new NamedLog("one")).OpenAsync(0, first, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => new RedisJournal(link, new MemoryLog(), new NamedLog("two")).OpenAsync(0, second, CancellationToken.None));
        Assert.Contains("Redis:Prefix", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_server_comes_back_with_what_was_saved()
    {
        var redis = await StartAsync("--appendonly", "yes");
        var options = redis.Options();
        options.CommandTimeout = TimeSpan.FromSeconds(2);
        using var link = await RedisLink.OpenAsync(options);
        var journal = new RedisJournal(link, new MemoryLog(), new NamedLog("one"));
        using var shelf = new Shelf();
        var opening = await journal.OpenAsync(0, shelf, CancellationToken.None);
        await journal.CommitAsync(Entry(shelf, opening.Epoch, 1));
        await redis.KillAsync();
        var refusal = await Assert.ThrowsAsync<LogUnavailableException>(() => journal.CommitAsync(Entry(shelf, opening.Epoch, 2)));
        Assert.Equal(RedisRefusals.AwayReason, refusal.Reason);
        await redis.RunAsync();
        using var again = new Shelf();
        var reopened = await UntilItAnswersAsync(() => journal.OpenAsync(0, again, CancellationToken.None));
        Assert.Equal((1L, 1), (reopened.Absorbed, again.Count));
        await journal.CommitAsync(Entry(again, reopened.Epoch, 2));
    }

    [Fact]
    public async Task A_server_that_forgot_everything_is_noticed()
    {
        var redis = await StartAsync();
        using var link = await RedisLink.OpenAsync(redis.Options());
        var journal = new RedisJournal(link, new MemoryLog(), new NamedLog("one"));
        using var shelf = new Shelf();
        var opening = await journal.OpenAsync(0, shelf, CancellationToken.None);
        await journal.CommitAsync(Entry(shelf, opening.Epoch, 1));
        await link.AskAsync("FLUSHALL");
        // The epoch is gone with the rest, so the old owner is treated as any other that lost its partition.
        await Assert.ThrowsAsync<FencedException>(() => journal.CommitAsync(Entry(shelf, opening.Epoch, 2)));
        using var again = new Shelf();
        Assert.Equal(0, (await journal.OpenAsync(0, again, CancellationToken.None)).Absorbed);
    }

    [Fact]
    public async Task An_emptied_server_is_refused_once_facts_were_said()
    {
        var redis = await StartAsync();
        var options = redis.Options();
        using var link = await RedisLink.OpenAsync(options);
        var log = new MemoryLog();
        await log.AppendAsync(Topic.Facts, 0, "fact"u8);
        var journal = new RedisJournal(link, log, new NamedLog("one"));
        using var shelf = new Shelf();
        for (var tries = 0; tries < 2; tries++)
            Assert.Contains("StartFromNothing", (await Assert.ThrowsAsync<InvalidOperationException>(() => journal.OpenAsync(0, shelf, CancellationToken.None))).Message, StringComparison.Ordinal);
        await journal.OpenAsync(1, shelf, CancellationToken.None);
        options.StartFromNothing = true;
        using var again = new Shelf();
        Assert.Equal(0, (await journal.OpenAsync(0, again, CancellationToken.None)).Absorbed);
    }

    private static JournalEntry Entry(Shelf shelf, long epoch, long absorbed)
    {
        var writer = new StateChunkWriter();
        shelf.Put(ShelfModel.Bytes("demo\0va"), ShelfModel.State(20, (int)absorbed), 0);
        shelf.WriteChanges(writer);
        return new JournalEntry(0, epoch, absorbed, writer.Finish(), default, 0, []);
    }

    private static async Task<JournalOpening> UntilItAnswersAsync(Func<Task<JournalOpening>> open)
    {
        for (var tries = 0; ; tries++)
        {
            try { return await open(); }
            catch (LogUnavailableException) when (tries < 50) { await Task.Delay(200); }
        }
    }

    private async Task<TestRedis> StartAsync(params string[] arguments)
    {
        var redis = await TestRedis.StartAsync(arguments);
        _open.Add(redis);
        return redis;
    }
}
