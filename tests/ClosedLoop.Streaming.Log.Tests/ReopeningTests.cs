using System.Text;

namespace ClosedLoop.Streaming.Log.Tests;

public sealed class ReopeningTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_and_positions_are_there_after_a_restart()
    {
        using (var file = _folder.Open())
        {
            var log = new EmbeddedLog(file);
            for (var i = 0; i < 300; i++) await log.AppendAsync(Topic.Hits, i % 4, Encoding.UTF8.GetBytes($"r{i}"));
            await log.CommitPositionAsync("webhooks", Topic.Hits, 0, 17);
        }
        using (var file = _folder.Open())
        {
            var log = new EmbeddedLog(file);
            Assert.Equal(75, log.EndOffset(Topic.Hits, 0));
            Assert.Equal(17, await log.PositionAsync("webhooks", Topic.Hits, 0, default));
            var slice = await log.ReadAsync(Topic.Hits, 3, 10, 1 << 20, default);
            Assert.Equal((10L, 65), (slice.FirstOffset, slice.Count));
            Assert.Empty(log.Damages);
            await log.AppendAsync(Topic.Hits, 0, "next"u8);
            Assert.Equal(76, log.EndOffset(Topic.Hits, 0));
        }
    }

    [Fact]
    public void A_second_process_is_told_who_holds_the_folder()
    {
        using var file = _folder.Open();
        var error = Assert.Throws<InvalidOperationException>(() => _folder.Open());
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains("CLOSEDLOOP_DATA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_partitions_is_refused_with_the_right_one()
    {
        _folder.Open().Dispose();
        var error = Assert.Throws<InvalidOperationException>(() => _folder.Open(o => o.Partitions = 8));
        Assert.Contains("Set Log:Partitions to 4", error.Message, StringComparison.Ordinal);
        _folder.Open().Dispose();
    }

    [Fact]
    public async Task A_unit_lands_whole_and_stopping_drains_it()
    {
        Task unit, append;
        using (var file = _folder.Open())
        {
            await file.SubmitAsync(new CommitUnit([], (c, _) => Schema.Run(c, "CREATE TABLE mine(x INTEGER)"), 100, Background: true));
            unit = file.SubmitAsync(new CommitUnit([Block(Topic.Facts, 2, "a", "b"), Block(Topic.Hits, 1, "c")],
                (c, _) => Schema.Run(c, "INSERT INTO mine VALUES(42)"), 100, Background: false));
            append = new EmbeddedLog(file).AppendAsync(Topic.Hits, 1, "d"u8);
        }
        await Task.WhenAll(unit, append);
        using (var file = _folder.Open())
        {
            using var reader = file.OpenReader();
            Assert.Equal(42, Schema.Scalar(reader, "SELECT x FROM mine"));
            var log = new EmbeddedLog(file);
            Assert.Equal((2L, 2L), (log.EndOffset(Topic.Facts, 2), log.EndOffset(Topic.Hits, 1)));
        }
    }

    [Fact]
    public async Task A_stopped_log_says_so()
    {
        var file = _folder.Open();
        var log = new EmbeddedLog(file);
        var read = log.ReadAsync(Topic.Hits, 0, 0, 100, default).AsTask();
        file.Dispose();
        Assert.Equal("stopping", (await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(Topic.Hits, 0, "x"u8))).Reason);
        Assert.Equal("stopping", (await Assert.ThrowsAsync<LogUnavailableException>(() => read)).Reason);
    }

    [Fact]
    public async Task A_block_that_does_not_hold_what_it_says_is_a_mistake()
    {
        using var file = _folder.Open();
        var block = new AppendBlock(Topic.Facts, 0, 2, Block(Topic.Facts, 0, "only one").Bytes);
        await Assert.ThrowsAsync<ArgumentException>(() => file.SubmitAsync(new CommitUnit([block], null, 0, Background: false)));
    }

    [Fact]
    public async Task A_large_block_becomes_rows_that_can_be_read_in_slices()
    {
        using var file = _folder.Open(o => o.TailBytesMax = 0);
        var records = Enumerable.Range(0, 300).Select(i => new string((char)('a' + i % 26), 5000)).ToArray();
        await file.SubmitAsync(new CommitUnit([Block(Topic.Facts, 3, records)], null, 0, Background: true));
        using var reader = file.OpenReader();
        Assert.Equal(6, Schema.Scalar(reader, "SELECT count(*) FROM log_facts_3"));
        var log = new EmbeddedLog(file);
        var read = new List<string>();
        while (read.Count < records.Length)
            foreach (var record in await log.ReadAsync(Topic.Facts, 3, read.Count, 100_000, default)) read.Add(Encoding.ASCII.GetString(record.Span));
        Assert.Equal(records, read);
    }

    internal static AppendBlock Block(Topic topic, int partition, params string[] records)
    {
        var bytes = new MemoryStream();
        foreach (var record in records)
        {
            bytes.Write(BitConverter.GetBytes(record.Length));
            bytes.Write(Encoding.ASCII.GetBytes(record));
        }
        return new AppendBlock(topic, partition, records.Length, bytes.ToArray());
    }
}
