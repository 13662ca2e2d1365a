namespace ClosedLoop.Streaming.States.Tests;

public sealed class SnapshotDamageTests : IAsyncDisposable
{
    private readonly StatesFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private static CancellationToken Now => CancellationToken.None;

    [Fact]
    public async Task A_damaged_chunk_does_not_replace_a_good_base()
    {
        using var owner = await Filled();
        var good = await _folder.Journal.WriteAsync(1, Now);
        await _folder.CloseAsync();
        _folder.Tamper($"UPDATE states_chunks SET bytes = CAST(bytes || x'00' AS BLOB) WHERE key = {ChunkKey.Of(1, 0, 5)}");
        _folder.Open();
        var error = await Assert.ThrowsAsync<StateChunkCorruptException>(() => _folder.Journal.WriteAsync(1, Now));
        Assert.Equal(5, error.Place.Sequence);
        Assert.Equal(good, await _folder.Journal.FindAsync(1, Now));
        await _folder.Journal.ResetAsync(1, Now);
        using var again = await Owner.OpenAsync(_folder.Journal, 1);
        again.IsWhole(owner.Model);
    }

    [Fact]
    public async Task A_damaged_base_says_so()
    {
        using var owner = await Filled();
        await _folder.Journal.WriteAsync(1, Now);
        await _folder.CloseAsync();
        _folder.Tamper($"DELETE FROM states_chunks WHERE key = {ChunkKey.Of(1, 1, 5)}");
        var error = await Assert.ThrowsAsync<StateChunkCorruptException>(() => _folder.Open().Journal.ResetAsync(1, Now));
        Assert.Contains("base snapshot of partition 1, chunk 5", error.Message, StringComparison.Ordinal);
        using var again = await Owner.OpenAsync(_folder.Journal, 1);
        again.IsWhole(owner.Model);
    }

    private async Task<Owner> Filled()
    {
        var owner = await Owner.OpenAsync(_folder.Open().Journal, 1);
        for (var i = 0; i < 10; i++) await owner.CommitAsync(o => { o.Put(i, 50, i, 7); o.Put(i + 1, 60, i); });
        return owner;
    }
}
