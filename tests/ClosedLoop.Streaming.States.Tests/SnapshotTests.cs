using System.Text;

namespace ClosedLoop.Streaming.States.Tests;

public sealed class SnapshotTests : IAsyncDisposable
{
    private readonly StatesFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static CancellationToken Now => CancellationToken.None;

    [Fact]
    public async Task Without_a_base_a_reset_starts_from_nothing()
    {
        using var owner = await Filled(30);
        Assert.Null(await _folder.Journal.FindAsync(1, Now));
        Assert.Equal(0, _folder.Journal.SnapshotOffset(1));
        await _folder.Journal.ResetAsync(1, Now);
        await Assert.ThrowsAsync<FencedException>(() => owner.CommitAsync(o => o.Put(1, 10, 1)));
        using var again = await Owner.OpenAsync(_folder.Journal, 1);
        Assert.Equal((0, 0L, 0), (again.Shelf.Count, again.Opening.Absorbed, again.Opening.Counters.Length));
        await again.CommitAsync(o => o.Put(5, 10, 1));
        again.IsWhole();
    }

    [Fact]
    public async Task A_reset_goes_back_to_the_base_and_a_base_survives_it()
    {
        using var owner = await Filled(50);
        var frozen = new ShelfModel();
        foreach (var (key, value) in owner.Model.States) frozen.Put(key, value.State, value.Due);
        var written = await _folder.Journal.WriteAsync(1, Now);
        Assert.Equal(50, written.Absorbed);
        for (var i = 0; i < 50; i++) await owner.CommitAsync(o => { o.Put(i, 40, i + 1); o.Remove(i + 20); });
        for (var twice = 0; twice < 2; twice++)
        {
            await _folder.Journal.ResetAsync(1, Now);
            using var again = await Owner.OpenAsync(_folder.Journal, 1, new ShelfModel());
            again.IsWhole(frozen);
            Assert.Equal(50, again.Opening.Absorbed);
            Assert.Equal("counters 50", Encoding.ASCII.GetString(again.Opening.Counters.Span));
            await again.CommitAsync(o => o.Put(999, 40, 1));
        }
        Assert.Equal(written, await _folder.Journal.FindAsync(1, Now));
    }

    [Fact]
    public async Task A_base_is_one_moment_although_its_owner_goes_on()
    {
        _folder.Open(o => (o.GarbageBytesMin, o.StepBytesMax) = (16 << 10, 4 << 10));
        using var owner = await Owner.OpenAsync(_folder.Journal, 1);
        // Every commit moves one coin: at each moment the sum over all states is the same.
        await owner.CommitAsync(o => { for (var i = 0; i < 64; i++) Coins(o.Shelf, i, 100); });
        var writing = Task.CompletedTask;
        for (var i = 0; i < 1_500; i++)
        {
            if (i % 300 == 100) writing = _folder.Journal.WriteAsync(1, Now);
            await owner.CommitAsync(o =>
            {
                Coins(o.Shelf, i % 64, Coins(o.Shelf, i % 64) - 1);
                Coins(o.Shelf, (i * 7 + 1) % 64, Coins(o.Shelf, (i * 7 + 1) % 64) + 1);
            });
        }
        await writing;
        await _folder.Journal.ResetAsync(1, Now);
        using var again = await Owner.OpenAsync(_folder.Journal, 1);
        Assert.Equal(6_400, Enumerable.Range(0, 64).Sum(i => Coins(again.Shelf, i)));
        Assert.True(again.Opening.Absorbed > 100);
    }

    [Fact]
    public async Task A_new_base_replaces_the_old_one_and_its_rows_go()
    {
        using var owner = await Filled(40);
        for (var round = 0; round < 5; round++)
        {
            await owner.CommitAsync(o => o.Put(1, 10, round));
            var written = await _folder.Journal.WriteAsync(1, Now);
            Assert.Equal(owner.Absorbed, written.Absorbed);
            Assert.Equal(owner.Absorbed, _folder.Journal.SnapshotOffset(1));
            Assert.Equal(41 + round, written.Chunks);
            Assert.Equal(2 * written.Chunks, _folder.Ask("SELECT count(*) FROM states_chunks"));
        }
        await _folder.CloseAsync();
        using var again = await Owner.OpenAsync(_folder.Open().Journal, 1);
        Assert.Equal(owner.Absorbed, _folder.Journal.SnapshotOffset(1));
        again.IsWhole(owner.Model);
    }

    [Fact]
    public async Task What_a_killed_snapshot_left_is_swept()
    {
        using var owner = await Filled(10);
        await _folder.CloseAsync();
        _folder.Tamper($"INSERT INTO states_chunks SELECT key + {1L << 40}, bytes FROM states_chunks");
        using var again = await Owner.OpenAsync(_folder.Open().Journal, 1);
        again.IsWhole(owner.Model);
        await _folder.Journal.WriteAsync(1, Now);
        Assert.Equal(20, _folder.Ask("SELECT count(*) FROM states_chunks"));
    }

    private async Task<Owner> Filled(int commits)
    {
        var owner = await Owner.OpenAsync(_folder.Open().Journal, 1);
        for (var i = 0; i < commits; i++) await owner.CommitAsync(o => { o.Put(i, 50, i, 7); o.Put(i + 1, 60, i); });
        return owner;
    }

    private static int Coins(Shelf shelf, int purse) => shelf.TryGet(ShelfModel.Bytes("purse" + purse), out var state) ? BitConverter.ToInt32(state) : 0;

    private static void Coins(Shelf shelf, int purse, int coins) => shelf.Put(ShelfModel.Bytes("purse" + purse), BitConverter.GetBytes(coins), 0);
}
