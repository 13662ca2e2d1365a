using System.Text;

namespace ClosedLoop.Streaming.States.Tests;

public class ShelfStories
{
    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"demo\0v{number:x32}");

    [Fact]
    public void A_hundred_thousand_visitors_grow_shrink_and_leave()
    {
        using var shelf = new Shelf();
        for (var i = 0; i < 100_000; i++) shelf.Put(Key(i), ShelfModel.State(20 + (i % 90), i), 0);
        for (var i = 0; i < 100_000; i += 3) shelf.Put(Key(i), ShelfModel.State(300 + (i % 500), i + 7), 0);
        for (var i = 1; i < 100_000; i += 3) Assert.True(shelf.Remove(Key(i)));
        Assert.Equal(66_667, shelf.Count);
        for (var i = 0; i < 100_000; i++)
        {
            Assert.Equal(i % 3 != 1, shelf.TryGet(Key(i), out var state));
            if (i % 3 == 0) Assert.True(state.SequenceEqual(ShelfModel.State(300 + (i % 500), i + 7)));
            if (i % 3 == 2) Assert.True(state.SequenceEqual(ShelfModel.State(20 + (i % 90), i)));
        }
    }

    [Fact]
    public void Memory_of_those_who_left_goes_back()
    {
        using var shelf = new Shelf();
        for (var i = 0; i < 60_000; i++) shelf.Put(Key(i), new byte[500], 0);
        var full = shelf.Bytes;
        for (var i = 0; i < 60_000; i++) shelf.Remove(Key(i));
        Assert.Equal(0, shelf.Count);
        Assert.True(shelf.Bytes < full / 4, $"{shelf.Bytes} of {full} bytes are still taken");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Shelf.StateBytesMax - 1)]
    [InlineData(Shelf.StateBytesMax)]
    public void Keeps_states_up_to_the_limit(int length)
    {
        using var shelf = new Shelf();
        var key = new byte[Shelf.KeyBytesMax];
        shelf.Put(key, ShelfModel.State(length, 1), 5);
        shelf.Put(key, ShelfModel.State(length, 2), 5);
        Assert.True(shelf.TryGet(key, out var state));
        Assert.True(state.SequenceEqual(ShelfModel.State(length, 2)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(Shelf.KeyBytesMax + 1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, Shelf.StateBytesMax + 1)]
    public void Refuses_what_is_over_a_limit(int keyLength, int stateLength)
    {
        using var shelf = new Shelf();
        Assert.Throws<ArgumentOutOfRangeException>(() => shelf.Put(new byte[keyLength], new byte[stateLength], 0));
        Assert.Equal(0, shelf.Count);
    }

    [Fact]
    public void Says_when_memory_is_at_its_limit_and_keeps_what_it_has()
    {
        using var shelf = new Shelf(bytesMax: 3 * Arena.RegionBytes);
        var count = 0;
        Assert.Throws<ShelfFullException>(() =>
        {
            while (count < 1_000_000) shelf.Put(Key(count++), new byte[1000], 0);
        });
        count--;
        Assert.Equal(count, shelf.Count);
        Assert.Throws<ShelfFullException>(() => shelf.Put(Key(0), new byte[5000], 0));
        Assert.True(shelf.TryGet(Key(0), out var state));
        Assert.Equal(1000, state.Length);
    }

    [Fact]
    public void A_state_may_be_put_back_from_the_shelf_itself()
    {
        using var shelf = new Shelf();
        shelf.Put(Key(1), ShelfModel.State(200, 1), 0);
        Assert.True(shelf.TryReadSlot(0, out var item));
        shelf.Put(item.Key, item.State, 9);
        Assert.True(shelf.TryGetItem(Key(1), out var after));
        Assert.True(after.State.SequenceEqual(ShelfModel.State(200, 1)));
        Assert.Equal(9u, after.DueSeconds);
    }

    [Fact]
    public void Keys_with_the_same_hash_are_told_apart()
    {
        using var shelf = new Shelf();
        for (var i = 0; i < 50; i++) shelf.Put(42, Key(i), ShelfModel.State(30, i), 0);
        for (var i = 0; i < 50; i += 2) Assert.True(shelf.Remove(42, Key(i)));
        for (var i = 0; i < 50; i++) Assert.Equal(i % 2 == 1, shelf.TryGet(42, Key(i), out _));
    }

    [Fact]
    public void Nobody_reads_memory_that_was_given_back()
    {
        var shelf = new Shelf();
        shelf.Put(Key(1), [1], 5);
        shelf.Dispose();
        shelf.Dispose();
        Assert.Throws<ObjectDisposedException>(() => shelf.TryGet(Key(1), out _));
        Assert.Throws<ObjectDisposedException>(() => shelf.TryReadSlot(0, out _));
        Assert.Throws<ObjectDisposedException>(() => shelf.TryTakeDue(10, out _));
        Assert.Throws<ObjectDisposedException>(() => shelf.Put(Key(2), [1], 0));
        Assert.Throws<ObjectDisposedException>(() => shelf.Seal());
        Assert.Throws<ObjectDisposedException>(() => shelf.LiveBytes(1));
        Assert.Equal(0, shelf.Count);
    }
}
