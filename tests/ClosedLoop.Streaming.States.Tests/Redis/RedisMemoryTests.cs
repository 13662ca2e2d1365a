using ClosedLoop.Streaming.Testing;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>What a state costs in Redis, and how it is found there from outside.</summary>
public sealed class RedisMemoryTests
{
    [Fact]
    public async Task A_state_takes_no_more_than_the_bound_and_is_read_by_its_key()
    {
        const int People = 20_000, StateBytes = 200;
        await using var redis = await TestRedis.StartAsync();
        using var link = await RedisLink.OpenAsync(redis.Options());
        var journal = new RedisJournal(link, new MemoryLog(), new NamedLog("one"));
        using var shelf = new Shelf();
        var opening = await journal.OpenAsync(0, shelf, CancellationToken.None);
        var before = await MemoryAsync(link);
        for (var person = 0; person < People; person += 1000)
        {
            var writer = new StateChunkWriter();
            for (var i = person; i < person + 1000; i++) shelf.Put(ShelfModel.Bytes($"demo\0v{i:x22}"), ShelfModel.State(StateBytes, i), 1_900_000_000u + (uint)i);
            shelf.WriteChanges(writer);
            await journal.CommitAsync(new JournalEntry(0, opening.Epoch, person + 1, writer.Finish(), default, 0, []));
        }
        var each = (await MemoryAsync(link) - before) / (double)People;
        Assert.InRange(each, StateBytes, 512);
        var reader = new RedisSavedStates(link);
        Assert.Equal(ShelfModel.State(StateBytes, 7), await reader.ReadAsync(0, ShelfModel.Bytes($"demo\0v{7:x22}"), CancellationToken.None));
        Assert.Null(await reader.ReadAsync(0, ShelfModel.Bytes("demo\0vnobody"), CancellationToken.None));
        Assert.Equal(11, await reader.DueAsync(0, 1_900_000_010u, CancellationToken.None));
        var scanned = 0;
        await foreach (var _ in reader.ScanAsync(0, CancellationToken.None)) scanned++;
        Assert.Equal(People, scanned);
        TestContext.Current.TestOutputHelper?.WriteLine($"{each:0} bytes of Redis per state of {StateBytes} bytes");
    }

    private static async Task<long> MemoryAsync(RedisLink link) =>
        long.Parse(RedisCheck.Value((await link.InfoAsync())[0].Info, "used_memory"), System.Globalization.CultureInfo.InvariantCulture);
}
