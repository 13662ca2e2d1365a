namespace ClosedLoop.Streaming.States.Tests;

public sealed class CompactionTests : IAsyncDisposable
{
    private readonly StatesFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static void Small(StatesOptions options) => (options.GarbageBytesMin, options.StepBytesMax) = (16 << 10, 8 << 10);

    [Fact]
    public async Task The_file_stays_within_three_times_what_is_live()
    {
        _folder.Open(Small);
        using var owner = await Owner.OpenAsync(_folder.Journal, 0);
        for (var round = 0; round < 400; round++)
            await owner.CommitAsync(o => { for (var i = 0; i < 40; i++) o.Put((round * 7 + i * 13) % 500, 200, round * 100 + i); });
        await Quiet(owner);
        var live = owner.Shelf.LiveBytesTotal;
        var stored = _folder.Ask("SELECT sum(length(bytes)) FROM states_chunks");
        Assert.True(stored <= (3 * live) + (16 << 10), $"{stored} bytes are stored for {live} live ones");
        Assert.Null(_folder.Journal.CompactionError);
        await Reopened(owner);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Exactly_the_latest_states_are_left_whenever_the_process_is_killed(int seed)
    {
        _folder.Open(Small);
        var chance = new Random(seed);
        using var owner = await Owner.OpenAsync(_folder.Journal, 2);
        for (var round = 0; round < 300; round++)
        {
            await owner.CommitAsync(o =>
            {
                for (var i = 0; i < 25; i++)
                {
                    var number = chance.Next(chance.Next(2) == 0 ? 20 : 400);
                    if (chance.Next(6) == 0) o.Remove(number);
                    else o.Put(number, 1 + chance.Next(chance.Next(10) == 0 ? 12_000 : 300), chance.Next(), (uint)chance.Next(3));
                }
            });
            if (round % 60 == 59) await Killed(owner);
        }
        await Quiet(owner);
        await Reopened(owner);
    }

    [Fact]
    public async Task What_was_removed_stays_removed_although_older_chunks_hold_it()
    {
        _folder.Open(Small);
        using var owner = await Owner.OpenAsync(_folder.Journal, 1);
        // The oldest chunk stays mostly live and holds every key; the removals are compacted while it is still there.
        await owner.CommitAsync(o => { for (var i = 0; i < 300; i++) o.Put(i, 300, i); });
        for (var i = 0; i < 100; i++) await owner.CommitAsync(o => o.Remove(i));
        for (var round = 0; round < 300; round++)
            await owner.CommitAsync(o => { for (var i = 1_000; i < 1_010; i++) o.Put(i, 300, round); });
        await Quiet(owner);
        await Reopened(owner);
    }

    [Fact]
    public async Task When_everybody_has_left_the_removals_go_too()
    {
        _folder.Open(o => (o.GarbageBytesMin, o.StepBytesMax) = (0, 8 << 10));
        using var owner = await Owner.OpenAsync(_folder.Journal, 1);
        for (var i = 0; i < 200; i++) await owner.CommitAsync(o => o.Put(i, 300, i));
        for (var i = 0; i < 200; i++) await owner.CommitAsync(o => o.Remove(i));
        for (var i = 0; i < 300; i++) await owner.CommitAsync(o => o.Put(7, 300, i));
        await Quiet(owner);
        var stored = _folder.Ask("SELECT sum(length(bytes)) FROM states_chunks");
        Assert.True(stored < 4_000, $"{stored} bytes are stored for one state");
        await Reopened(owner);
    }

    [Fact]
    public async Task A_zombie_stops_compacting()
    {
        _folder.Open(Small);
        using var old = await Owner.OpenAsync(_folder.Journal, 0);
        for (var round = 0; round < 50; round++)
            await old.CommitAsync(o => { for (var i = 0; i < 50; i++) o.Put(i, 400, round * 50 + i); });
        using var next = await Owner.OpenAsync(_folder.Journal, 0, old.Model);
        next.IsWhole();
        for (var round = 0; round < 50; round++)
            await next.CommitAsync(o => { for (var i = 0; i < 50; i++) o.Put(i, 400, 9_000 + round * 50 + i); });
        await Assert.ThrowsAsync<FencedException>(() => old.CommitAsync());
        await Quiet(next);
        await Reopened(next);
    }

    private async Task Quiet(Owner owner)
    {
        await owner.CommitAsync();
        await _folder.Journal.CompactedAsync(owner.Partition);
        Assert.Null(_folder.Journal.CompactionError);
        AccountsFit(owner.Shelf);
    }

    // The sum of the accounts is the sum over all states; once, dropping old accounts lost the ones of states that had come since.
    private static void AccountsFit(Shelf shelf)
    {
        var live = 0L;
        for (var slot = 0; slot < shelf.SlotCount; slot++)
            if (shelf.TryReadSlot(slot, out var item)) live += item.Key.Length + item.State.Length + ChunkLedger.EntryBytes;
        Assert.Equal(live, shelf.LiveBytesTotal);
    }

    private async Task Killed(Owner owner)
    {
        await using var killed = await _folder.KilledAsync();
        using var again = await Owner.OpenAsync(killed.Open(Small).Journal, owner.Partition);
        again.IsWhole(owner.Model);
        Assert.Equal(owner.Absorbed, again.Opening.Absorbed);
    }

    private async Task Reopened(Owner owner)
    {
        await _folder.CloseAsync();
        using var again = await Owner.OpenAsync(_folder.Open(Small).Journal, owner.Partition);
        again.IsWhole(owner.Model);
        Assert.Equal(owner.Absorbed, again.Opening.Absorbed);
    }
}
