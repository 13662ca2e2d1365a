using System.Text;

namespace ClosedLoop.Streaming.States.Tests;

public class SleeperStories
{
    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"demo\0v{number:x32}");

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
