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
    public void Those_due_in_the_same_second_wake_in_the_order_of_their_keys()
    {
        using var shelf = new Shelf();
        foreach (var i in new[] { 5, 1, 4, 2, 3 }) shelf.Put(Key(i), [1], 1_000);
        shelf.Put(Key(0), [1], 1_001);
        var woken = new List<string>();
        while (shelf.TryTakeDueItem(1_000, out var item)) woken.Add(Encoding.UTF8.GetString(item.Key));
        Assert.Equal(new[] { 1, 2, 3, 4, 5 }.Select(i => Encoding.UTF8.GetString(Key(i))), woken);
        Assert.Equal(1_001, shelf.NextDueSeconds);
    }

    [Fact]
    public void A_due_time_that_moves_on_with_every_visit_takes_no_more_memory()
    {
        using var shelf = new Shelf();
        for (var i = 0; i < 1_000; i++) shelf.Put(Key(i), [1], 1_000_000);
        var before = shelf.Bytes;
        for (var day = 1; day < 1_000; day++)
            for (var i = 0; i < 1_000; i++) shelf.Put(Key(i), [1], (uint)(1_000_000 + (day * 86_400)));
        Assert.Equal(before, shelf.Bytes);
        Assert.False(shelf.TryTakeDue(1_000_000 + (998 * 86_400), out _));
        Assert.True(shelf.TryTakeDue(1_000_000 + (999 * 86_400), out _));
    }

    /// <summary>Once, such a sleeper was moved into a bucket that was past already, and was woken one round late.</summary>
    [Fact]
    public void A_due_time_that_moved_on_but_is_past_by_now_wakes_in_the_same_round()
    {
        using var shelf = new Shelf();
        shelf.Put(Key(1), [1], 1_000);
        Assert.False(shelf.TryTakeDue(800, out _));
        shelf.Put(Key(1), [1], 20_000);
        Assert.True(shelf.TryTakeDue(90_000, out _));
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

    [Fact]
    public void After_a_long_stop_everybody_wakes_in_order()
    {
        using var shelf = new Shelf();
        for (var i = 0; i < 20_000; i++) shelf.Put(Key(i), [1], (uint)(1 + (i * 7_919L % 1_000_003)));
        var last = 0u;
        var woken = 0;
        for (; shelf.TryTakeDueItem(2_000_000, out var item); woken++)
        {
            Assert.True(item.DueSeconds >= last);
            last = item.DueSeconds;
        }
        Assert.Equal(20_000, woken);
    }
}
