using System.Globalization;
using System.Text;
using ClosedLoop.Streaming.Log;
using Xunit;

namespace ClosedLoop.Streaming.Testing;

/// <summary>What every adapter of <see cref="ILog"/> keeps. A test class of the adapter derives from it and opens an empty log.</summary>
public abstract class LogContract : IAsyncDisposable
{
    private ILog? _log;

    /// <summary>An empty log with four partitions.</summary>
    protected abstract Task<ILog> OpenAsync();

    protected abstract Task CloseAsync();

    protected static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(240)).Token;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_confirmed_is_read_in_order_and_whole()
    {
        var log = await Log();
        for (var i = 0; i < 100; i++) await log.AppendAsync(Topic.Hits, 1, Record(i));
        Assert.Equal(Enumerable.Range(0, 100).Select(Text), await ReadAll(log, Topic.Hits, 1, 0, 100, 512));
        Assert.Equal(100, log.EndOffset(Topic.Hits, 1));
        Assert.Equal(0, log.StartOffset(Topic.Hits, 1));
    }

    [Fact]
    public async Task Topics_and_partitions_do_not_mix()
    {
        var log = await Log();
        await log.AppendAsync(Topic.Hits, 0, Record(1));
        await log.AppendAsync(Topic.Facts, 0, Record(2));
        await log.AppendAsync(Topic.Hits, 3, Record(3));
        await log.AppendAsync(Topic.Settings, 0, Record(4));
        Assert.Equal([Text(1)], await ReadAll(log, Topic.Hits, 0, 0, 1, 1024));
        Assert.Equal([Text(2)], await ReadAll(log, Topic.Facts, 0, 0, 1, 1024));
        Assert.Equal([Text(3)], await ReadAll(log, Topic.Hits, 3, 0, 1, 1024));
        Assert.Equal([Text(4)], await ReadAll(log, Topic.Settings, 0, 0, 1, 1024));
        Assert.Equal(0, log.EndOffset(Topic.Hits, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(1_000_000)]
    public async Task A_slice_has_at_least_one_record_and_no_more_than_the_bytes_asked_for(int bytesMax)
    {
        var log = await Log();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => log.AppendAsync(Topic.Facts, 2, Record(i))));
        for (long at = 0; at < 50;)
        {
            var slice = await log.ReadAsync(Topic.Facts, 2, at, bytesMax, Soon);
            Assert.Equal(at, slice.FirstOffset);
            Assert.True(slice.Count == 1 || slice.Bytes.Length <= bytesMax);
            at = slice.Next;
        }
    }

    [Fact]
    public async Task A_reader_starts_anywhere()
    {
        var log = await Log();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => log.AppendAsync(Topic.Hits, 0, Record(i))));
        var all = await ReadAll(log, Topic.Hits, 0, 0, 40, 4096);
        for (var from = 0; from < 40; from += 7)
            Assert.Equal(all.Skip(from), await ReadAll(log, Topic.Hits, 0, from, 40 - from, 4096));
    }

    [Fact]
    public async Task A_reader_at_the_end_waits_for_the_next_record()
    {
        var log = await Log();
        await log.AppendAsync(Topic.Hits, 0, Record(0));
        var read = log.ReadAsync(Topic.Hits, 0, 1, 1024, Soon).AsTask();
        Assert.False(read.IsCompleted);
        await log.AppendAsync(Topic.Hits, 0, Record(1));
        var slice = await read;
        Assert.Equal((1L, 1), (slice.FirstOffset, slice.Count));
    }

    [Fact]
    public async Task A_waiting_reader_can_be_cancelled()
    {
        var log = await Log();
        using var cancel = new CancellationTokenSource();
        var read = log.ReadAsync(Topic.Hits, 0, 0, 1024, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task Empty_and_large_records_survive()
    {
        var log = await Log();
        var large = Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31)).ToArray();
        await log.AppendAsync(Topic.Hits, 0, []);
        await log.AppendAsync(Topic.Hits, 0, large);
        await log.AppendAsync(Topic.Hits, 0, Record(7));
        var lengths = new List<int>();
        for (long at = 0; at < 3;)
        {
            var slice = await log.ReadAsync(Topic.Hits, 0, at, 1024, Soon);
            foreach (var record in slice)
            {
                lengths.Add(record.Length);
                if (record.Length == large.Length) Assert.True(record.Span.SequenceEqual(large));
            }
            at = slice.Next;
        }
        Assert.Equal([0, 200_000, Record(7).Length], lengths);
    }

    [Fact]
    public async Task Positions_belong_to_a_reader_and_a_partition()
    {
        var log = await Log();
        for (var i = 0; i < 5; i++) await log.AppendAsync(Topic.Facts, 1, Record(i));
        Assert.Equal(0, await log.PositionAsync("webhooks", Topic.Facts, 1, Soon));
        await Task.WhenAll(log.CommitPositionAsync("webhooks", Topic.Facts, 1, 3), log.CommitPositionAsync("warehouse", Topic.Facts, 1, 5));
        Assert.Equal(3, await log.PositionAsync("webhooks", Topic.Facts, 1, Soon));
        Assert.Equal(5, await log.PositionAsync("warehouse", Topic.Facts, 1, Soon));
        Assert.Equal(0, await log.PositionAsync("webhooks", Topic.Facts, 0, Soon));
        await log.CommitPositionAsync("webhooks", Topic.Facts, 1, 1);
        Assert.Equal(1, await log.PositionAsync("webhooks", Topic.Facts, 1, Soon));
    }

    [Fact]
    public async Task Many_writers_lose_and_invent_nothing()
    {
        var log = await Log();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await log.AppendAsync(Topic.Hits, writer % log.Partitions, Record(writer * 1000 + i));
        })));
        var read = new List<string>();
        for (var p = 0; p < log.Partitions; p++) read.AddRange(await ReadAll(log, Topic.Hits, p, 0, 200, 700));
        Assert.Equal(800, read.Count);
        Assert.Equal(800, read.Distinct().Count());
        // Within one writer the order is that of its calls.
        foreach (var writer in read.GroupBy(text => int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture) / 1000))
            Assert.Equal(writer.OrderBy(text => text, StringComparer.Ordinal), writer);
    }

    [Fact]
    public async Task Readers_beside_the_writers_see_every_record_once_and_in_order()
    {
        const int Records = 400;
        var log = await Log();
        var readers = Enumerable.Range(0, 6).Select(reader => Task.Run(() => ReadAll(log, Topic.Hits, reader % 2, 0, Records, 64 << reader))).ToList();
        for (var i = 0; i < Records; i += 10)
            await Task.WhenAll(Enumerable.Range(i, 10).SelectMany(n => new[] { log.AppendAsync(Topic.Hits, 0, Record(n)), log.AppendAsync(Topic.Hits, 1, Record(n)) }));
        foreach (var read in await Task.WhenAll(readers)) Assert.Equal(Enumerable.Range(0, Records).Select(Text), read);
    }

    [Fact]
    public async Task A_partition_that_does_not_exist_is_a_mistake()
    {
        var log = await Log();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.AppendAsync(Topic.Hits, log.Partitions, Record(1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.AppendAsync(Topic.Settings, 1, Record(1)));
    }

    /// <summary>Exactly <paramref name="count"/> records from an offset on, as text.</summary>
    protected static async Task<List<string>> ReadAll(ILog log, Topic topic, int partition, long from, int count, int bytesMax)
    {
        var texts = new List<string>();
        while (texts.Count < count)
        {
            var slice = await log.ReadAsync(topic, partition, from, bytesMax, Soon);
            foreach (var record in slice) texts.Add(Encoding.UTF8.GetString(record.Span));
            from = slice.Next;
        }
        return texts;
    }

    protected static byte[] Record(int number) => Encoding.UTF8.GetBytes(Text(number));

    protected static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"hit {number:00000} ") + new string('x', number % 23);

    private async Task<ILog> Log() => _log ??= await OpenAsync();
}
