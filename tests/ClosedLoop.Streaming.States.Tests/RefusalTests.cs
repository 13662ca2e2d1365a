using ClosedLoop.Streaming.Log;

namespace ClosedLoop.Streaming.States.Tests;

/// <summary>The file says no: nothing half done stays, and nothing more comes from a shelf that is ahead of it.</summary>
public sealed class RefusalTests : IAsyncDisposable
{
    private readonly StatesFolder _folder = new();
    private WatchedFile _file = null!;

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private void Open() => _folder.Open(
        o => (o.GarbageBytesMin, o.StepBytesMax, o.GarbageUrgentPercent) = (4 << 10, 4 << 10, 10_000), file => _file = new WatchedFile(file));

    [Fact]
    public async Task After_a_refused_commit_the_partition_is_opened_again()
    {
        Open();
        using var owner = await Owner.OpenAsync(_folder.Journal, 1);
        await owner.CommitAsync(o => o.Put(1, 20, 1));
        _file.Refuses = (unit, _) => !unit.Background;
        await Assert.ThrowsAsync<LogUnavailableException>(() => owner.CommitAsync(o => o.Put(1, 20, 2)));
        _file.Refuses = (_, _) => false;
        // The disk has room again, but the shelf holds what no chunk holds.
        await Assert.ThrowsAsync<LogUnavailableException>(() => owner.CommitAsync(o => o.Put(2, 20, 3)));
        using var again = await Owner.OpenAsync(_folder.Journal, 1);
        Assert.Equal(1, again.Opening.Absorbed);
        Assert.True(again.Shelf.TryGet(ShelfModel.Bytes("demo\0v1"), out var state));
        Assert.True(state.SequenceEqual(ShelfModel.State(20, 1)));
        Assert.Equal(1, again.Shelf.Count);
    }

    [Fact]
    public async Task A_refused_step_of_compaction_loses_nothing()
    {
        Open();
        using var owner = await Owner.OpenAsync(_folder.Journal, 1);
        var steps = 0;
        _file.Refuses = (unit, _) => unit.Background && ++steps == 3;
        for (var round = 0; round < 100; round++)
            await owner.CommitAsync(o => { for (var i = 0; i < 20; i++) o.Put((round * 3 + i) % 60, 100, round * 20 + i); });
        await _folder.Journal.CompactedAsync(1);
        Assert.IsType<LogUnavailableException>(_folder.Journal.CompactionError);
        await _folder.CloseAsync();
        Open();
        using var again = await Owner.OpenAsync(_folder.Journal, 1);
        again.IsWhole(owner.Model);
    }

    [Fact]
    public async Task A_refused_opening_may_be_tried_again()
    {
        Open();
        _file.Refuses = (_, _) => true;
        await Assert.ThrowsAsync<LogUnavailableException>(() => Owner.OpenAsync(_folder.Journal, 1));
        _file.Refuses = (_, _) => false;
        using var owner = await Owner.OpenAsync(_folder.Journal, 1);
        await owner.CommitAsync(o => o.Put(1, 20, 1));
    }

    [Fact]
    public async Task A_refused_snapshot_leaves_the_old_base()
    {
        Open();
        using var owner = await Owner.OpenAsync(_folder.Journal, 1);
        for (var i = 0; i < 20; i++) await owner.CommitAsync(o => o.Put(i, 500, i));
        var good = await _folder.Journal.WriteAsync(1, CancellationToken.None);
        for (var i = 0; i < 20; i++) await owner.CommitAsync(o => o.Put(i, 500, i + 9));
        for (var refused = 1; refused < 4; refused++)
        {
            var steps = 0;
            _file.Refuses = (unit, _) => unit.Background && ++steps == refused;
            await Assert.ThrowsAsync<LogUnavailableException>(() => _folder.Journal.WriteAsync(1, CancellationToken.None));
            Assert.Equal(good, await _folder.Journal.FindAsync(1, CancellationToken.None));
        }
        _file.Refuses = (_, _) => false;
        Assert.Equal(40, (await _folder.Journal.WriteAsync(1, CancellationToken.None)).Absorbed);
    }
}
