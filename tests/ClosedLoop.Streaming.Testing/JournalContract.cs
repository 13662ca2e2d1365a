using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using Xunit;

namespace ClosedLoop.Streaming.Testing;

/// <summary>What every adapter of <see cref="IJournal"/> keeps. A test class of the adapter derives from it.</summary>
public abstract class JournalContract : JournalRig
{
    [Fact]
    public async Task A_new_partition_is_empty()
    {
        var (journal, _) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, 2);
        Assert.Equal((0, 0L, 0), (shelf.Count, opening.Absorbed, opening.Counters.Length));
    }

    [Fact]
    public async Task States_position_and_counters_come_back()
    {
        var (journal, _) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, 1);
        Put(shelf, "a", "one", 100);
        Put(shelf, "b", "two", 0);
        await journal.CommitAsync(Entry(shelf, 1, opening.Epoch, 10, counters: "c1"));
        Put(shelf, "a", "three", 200);
        shelf.Remove(Bytes("b"));
        Put(shelf, "c", "four", 0);
        await journal.CommitAsync(Entry(shelf, 1, opening.Epoch, 20, counters: "c2"));
        await StopAsync();
        (journal, _) = await StartAsync();
        var (again, reopened) = await OpenAsync(journal, 1);
        Assert.Equal(["a=three@200", "c=four@0"], States(again));
        Assert.Equal((20L, "c2"), (reopened.Absorbed, Text(reopened.Counters.Span)));
        Assert.True(reopened.Epoch > opening.Epoch);
        Assert.True(again.IsSealed);
    }

    [Fact]
    public async Task Facts_and_messages_are_published_where_they_belong()
    {
        var (journal, log) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, 1);
        var messages = new[] { new JournalMessages(3, 2, Framed("m1", "m2")), new JournalMessages(0, 1, Framed("m3")) };
        await journal.CommitAsync(Entry(shelf, 1, opening.Epoch, 5) with { Facts = Framed("f1", "f2"), FactCount = 2, Messages = messages });
        Assert.Equal(["f1", "f2"], await ReadAsync(log, Topic.Facts, 1));
        Assert.Equal(["m1", "m2"], await ReadAsync(log, Topic.Hits, 3));
        Assert.Equal(["m3"], await ReadAsync(log, Topic.Hits, 0));
        Assert.Equal(0, log.EndOffset(Topic.Hits, 1));
    }

    [Fact]
    public async Task An_older_owner_is_refused_and_leaves_nothing()
    {
        var (journal, log) = await StartAsync();
        var (old, first) = await OpenAsync(journal, 1);
        Put(old, "a", "one", 0);
        await journal.CommitAsync(Entry(old, 1, first.Epoch, 1));
        var (_, second) = await OpenAsync(journal, 1);
        Put(old, "a", "zombie", 0);
        await Assert.ThrowsAsync<FencedException>(() => journal.CommitAsync(
            Entry(old, 1, first.Epoch, 2) with { Facts = Framed("f"), FactCount = 1, Messages = [new JournalMessages(2, 1, Framed("m"))] }));
        var (shelf, third) = await OpenAsync(journal, 1);
        Assert.Equal(["a=one@0"], States(shelf));
        Assert.Equal(1, third.Absorbed);
        Assert.True(first.Epoch < second.Epoch && second.Epoch < third.Epoch);
        Assert.Equal((0L, 0L), (log.EndOffset(Topic.Facts, 1), log.EndOffset(Topic.Hits, 2)));
    }

    [Fact]
    public async Task An_unknown_epoch_is_refused()
    {
        var (journal, _) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, 1);
        await Assert.ThrowsAsync<FencedException>(() => journal.CommitAsync(Entry(shelf, 1, opening.Epoch + 1, 2)));
    }

    [Fact]
    public async Task Several_commits_under_way_are_taken_in_order()
    {
        var (journal, log) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, 0);
        var writer = new StateChunkWriter();
        var commits = new List<Task>();
        for (var i = 0; i < 40; i++)
        {
            Put(shelf, "k" + (i % 3), "s" + i, (uint)i);
            commits.Add(journal.CommitAsync(Entry(shelf, 0, opening.Epoch, i + 1, writer) with { Facts = Framed("f" + i), FactCount = 1 }));
        }
        await Task.WhenAll(commits);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => "f" + i), await ReadAsync(log, Topic.Facts, 0));
        await StopAsync();
        (journal, _) = await StartAsync();
        var (again, reopened) = await OpenAsync(journal, 0);
        Assert.Equal(["k0=s39@39", "k1=s37@37", "k2=s38@38"], States(again));
        Assert.Equal(40, reopened.Absorbed);
    }

    [Fact]
    public async Task A_changed_state_that_is_left_out_is_a_mistake()
    {
        var (journal, _) = await StartAsync();
        var (shelf, opening) = await OpenAsync(journal, 1);
        Put(shelf, "a", "one", 0);
        var entry = new JournalEntry(1, opening.Epoch, 1, default, default, 0, []);
        await Assert.ThrowsAsync<InvalidOperationException>(() => journal.CommitAsync(entry));
    }

    [Fact]
    public async Task Partitions_do_not_mix()
    {
        var (journal, _) = await StartAsync();
        for (var partition = 0; partition < 4; partition++)
        {
            var (shelf, opening) = await OpenAsync(journal, partition);
            Put(shelf, "k", "p" + partition, 0);
            await journal.CommitAsync(Entry(shelf, partition, opening.Epoch, partition * 10));
        }
        await StopAsync();
        (journal, _) = await StartAsync();
        for (var partition = 0; partition < 4; partition++)
        {
            var (shelf, opening) = await OpenAsync(journal, partition);
            Assert.Equal([$"k=p{partition}@0"], States(shelf));
            Assert.Equal(partition * 10, opening.Absorbed);
        }
    }
}
