namespace ClosedLoop.Streaming.States.Tests;

/// <summary>Rows changed behind everybody's back, one kind each: the start refuses, says which, and what to do.</summary>
public sealed class DamageTests : IAsyncDisposable
{
    private readonly StatesFolder _folder = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData(16)]
    [InlineData(900)]
    [InlineData(4)]
    [InlineData(0)]
    public async Task A_flipped_bit_in_a_chunk_is_named(int at)
    {
        await Filled();
        // SQLite has no exclusive-or; a byte that differs from the old one is as good.
        _folder.Tamper($"UPDATE states_chunks SET bytes = CAST(substr(bytes, 1, {at}) || CASE substr(bytes, {at + 1}, 1) WHEN x'41' THEN x'42' ELSE x'41' END || substr(bytes, {at + 2}) AS BLOB) WHERE key = {ChunkKey.Of(1, 0, 3)}");
        var error = await Assert.ThrowsAsync<StateChunkCorruptException>(() => Owner.OpenAsync(_folder.Open().Journal, 1));
        Assert.Equal((1, 3L), (error.Place.Partition, error.Place.Sequence));
        Assert.Contains("partition 1, chunk 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("closedloop replay", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_chunk_is_named()
    {
        await Filled();
        _folder.Tamper($"DELETE FROM states_chunks WHERE key = {ChunkKey.Of(1, 0, 4)}");
        var error = await Assert.ThrowsAsync<StateChunkCorruptException>(() => Owner.OpenAsync(_folder.Open().Journal, 1));
        Assert.Equal(4, error.Place.Sequence);
    }

    [Fact]
    public async Task Several_missing_chunks_are_counted()
    {
        await Filled();
        _folder.Tamper($"DELETE FROM states_chunks WHERE key IN ({ChunkKey.Of(1, 0, 2)}, {ChunkKey.Of(1, 0, 4)})");
        var error = await Assert.ThrowsAsync<StatesPositionCorruptException>(() => Owner.OpenAsync(_folder.Open().Journal, 1));
        Assert.Contains("6 chunks were written and 4 are there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_in_the_wrong_place_is_noticed()
    {
        await Filled();
        _folder.Tamper($"UPDATE states_chunks SET key = {ChunkKey.Of(1, 0, 9)} WHERE key = {ChunkKey.Of(1, 0, 2)}");
        await Assert.ThrowsAsync<StatesPositionCorruptException>(() => Owner.OpenAsync(_folder.Open().Journal, 1));
    }

    [Theory]
    [InlineData("absorbed = absorbed + 1")]
    [InlineData("epoch = epoch - 1")]
    [InlineData("rows = rows + 1")]
    [InlineData("counters = x'00'")]
    [InlineData("generation = 1")]
    public async Task A_changed_position_is_noticed(string change)
    {
        await Filled();
        _folder.Tamper($"UPDATE states_positions SET {change} WHERE key = {PositionRow.KeyOf(1, CopyKind.Live)}");
        // Noticed by the committer's thread already, which then trusts nothing any more, or by the loader.
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Owner.OpenAsync(_folder.Open().Journal, 1));
        Assert.Contains("closedloop replay", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_partition_still_opens()
    {
        await Filled();
        _folder.Tamper($"DELETE FROM states_chunks WHERE key = {ChunkKey.Of(1, 0, 4)}");
        _folder.Open();
        await Assert.ThrowsAsync<StateChunkCorruptException>(() => Owner.OpenAsync(_folder.Journal, 1));
        using var other = await Owner.OpenAsync(_folder.Journal, 2);
        Assert.Equal(0, other.Shelf.Count);
    }

    [Fact]
    public async Task A_reset_repairs_what_damage_left()
    {
        await Filled();
        _folder.Tamper($"UPDATE states_positions SET absorbed = 99 WHERE key = {PositionRow.KeyOf(1, CopyKind.Live)}");
        await _folder.Open().Journal.ResetAsync(1, CancellationToken.None);
        using var again = await Owner.OpenAsync(_folder.Journal, 1);
        Assert.Equal((0, 0L), (again.Shelf.Count, again.Opening.Absorbed));
        Assert.True(again.Opening.Epoch > 1);
        Assert.Equal(0, _folder.Ask("SELECT count(*) FROM states_chunks"));
    }

    // Six chunks in partition 1, closed.
    private async Task Filled()
    {
        using var owner = await Owner.OpenAsync(_folder.Open().Journal, 1);
        for (var commit = 0; commit < 6; commit++)
            await owner.CommitAsync(o => { for (var i = 0; i < 20; i++) o.Put((commit * 20) + i, 100, i); });
        await _folder.CloseAsync();
    }
}
