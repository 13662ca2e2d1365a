using System.Buffers.Binary;
using System.Text;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using Xunit;

namespace ClosedLoop.Streaming.Testing;

/// <summary>What every adapter of <see cref="IJournal"/> keeps. A test class of the adapter derives from it.</summary>
public abstract class JournalContract : IAsyncDisposable
{
    private readonly List<Shelf> _shelves = [];

    /// <summary>A journal over what earlier ones of this test left behind; the first time over nothing. Four partitions.</summary>
    protected abstract Task<(IJournal Journal, ILog Log)> StartAsync();

    /// <summary>Ends the journal and the log of the last start, cleanly or not.</summary>
    protected abstract Task StopAsync();

    protected static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var shelf in _shelves) shelf.Dispose();
        GC.SuppressFinalize(this);
    }

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

    protected async Task<(Shelf Shelf, JournalOpening Opening)> OpenAsync(IJournal journal, int partition)
    {
        var shelf = new Shelf();
        _shelves.Add(shelf);
        return (shelf, await journal.OpenAsync(partition, shelf, Soon));
    }

    /// <summary>All that was changed in the shelf, and nothing to publish.</summary>
    protected static JournalEntry Entry(Shelf shelf, int partition, long epoch, long absorbed, StateChunkWriter? writer = null, string counters = "")
    {
        writer ??= new StateChunkWriter();
        writer.Clear();
        shelf.WriteChanges(writer);
        return new JournalEntry(partition, epoch, absorbed, writer.Finish(), default, 0, [], Bytes(counters));
    }

    protected static void Put(Shelf shelf, string key, string state, uint due) => shelf.Put(Bytes(key), Bytes(state), due);

    /// <summary>key=state@due of all states, sorted.</summary>
    protected static List<string> States(Shelf shelf)
    {
        var states = new List<string>();
        for (var slot = 0; slot < shelf.SlotCount; slot++)
            if (shelf.TryReadSlot(slot, out var item)) states.Add($"{Text(item.Key)}={Text(item.State)}@{item.DueSeconds}");
        states.Sort(StringComparer.Ordinal);
        return states;
    }

    protected static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    protected static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    protected static byte[] Framed(params string[] records)
    {
        var bytes = new List<byte>();
        foreach (var record in records)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
            bytes.AddRange(length);
            bytes.AddRange(Bytes(record));
        }
        return [.. bytes];
    }

    protected static async Task<List<string>> ReadAsync(ILog log, Topic topic, int partition)
    {
        var texts = new List<string>();
        for (var from = 0L; from < log.EndOffset(topic, partition);)
        {
            var slice = await log.ReadAsync(topic, partition, from, 1 << 20, Soon);
            foreach (var record in slice) texts.Add(Text(record.Span));
            from = slice.Next;
        }
        return texts;
    }
}
