using System.Globalization;
using System.Text;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>Flipped bits: noticed, named with topic, partition and offset, and everything else stays readable.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Records = 400;
    private readonly LogFolder _folder = new();

    private static int Flips => Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_LONG") == "1" ? 10_000 : 60;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_flipped_record_is_skipped_and_named_and_its_neighbours_are_read()
    {
        await FillAsync();
        var file = await File.ReadAllBytesAsync(_folder.Database);
        file[file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Text(2, 40))) + 3] ^= 0x10;
        await File.WriteAllBytesAsync(_folder.Database, file);

        using var open = Open();
        var log = new EmbeddedLog(open);
        var read = await ReadAsync(log, 2);
        Assert.False(read.ContainsKey(40));
        var damage = Assert.Single(log.Damages);
        Assert.Equal((Topic.Hits, 2, "checksum"), (damage.Topic, damage.Partition, damage.What));
        Assert.InRange(40, damage.First, damage.Next - 1);
        Assert.Equal(Records, read.Count + damage.Count);
        for (var p = 0; p < 4; p++)
            if (p != 2) Assert.Equal(Records, (await ReadAsync(log, p)).Count);
        // The log goes on behind the damage.
        await log.AppendAsync(Topic.Hits, 2, "next"u8);
        Assert.Equal(Records + 1, log.EndOffset(Topic.Hits, 2));
    }

    [Fact]
    public async Task A_deleted_chunk_is_missed_and_one_put_in_its_place_breaks_the_chain()
    {
        await FillAsync();
        using (var open = Open())
        {
            await open.SubmitAsync(new CommitUnit([], (c, _) =>
            {
                Schema.Run(c, "DELETE FROM log_hits_1 WHERE first = (SELECT first FROM log_hits_1 ORDER BY first LIMIT 1 OFFSET 2)");
                Schema.Run(c, "UPDATE log_hits_3 SET chain = chain + 1 WHERE first = (SELECT first FROM log_hits_3 ORDER BY first LIMIT 1 OFFSET 2)");
            }, 0, Background: false));
        }
        using (var open = Open())
        {
            var log = new EmbeddedLog(open);
            var read = await ReadAsync(log, 1);
            Assert.Equal(Records, (await ReadAsync(log, 3)).Count);
            var missing = Assert.Single(log.Damages, d => d.Partition == 1);
            Assert.Equal("missing", missing.What);
            Assert.Equal(Records, read.Count + missing.Count);
            Assert.Contains(log.Damages, d => d is { Partition: 3, What: "chain", Count: 0 });
        }
    }

    [Fact]
    public async Task Any_flipped_bit_is_either_harmless_or_named()
    {
        await FillAsync();
        var whole = await File.ReadAllBytesAsync(_folder.Database);
        var random = new Random(7);
        for (var i = 0; i < Flips; i++)
        {
            // Behind the first page: a torn schema is another matter, and says so when it opens.
            var (at, bit) = (random.Next(4096, whole.Length), random.Next(8));
            await CheckFlipAsync(whole, at, bit, _folder.Database);
        }
    }

    [Fact]
    public async Task A_flip_in_a_live_write_ahead_file_does_not_hide_what_was_acknowledged()
    {
        await Victim.KillAfterAsync(_folder.Database, Durability.PageCache, "w", 600);
        var wal = await File.ReadAllBytesAsync(_folder.Database + "-wal");
        var database = await File.ReadAllBytesAsync(_folder.Database);
        var witness = await File.ReadAllBytesAsync(_folder.Database + ".witness");
        long[] ends;
        using (var open = Open()) ends = [.. open.Lanes.Select(lane => lane.End)];
        var told = Told(witness, ends.Length);
        var random = new Random(11);
        for (var i = 0; i < Math.Min(Flips, 500); i++)
        {
            var flipped = (byte[])wal.Clone();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(_folder.Database, database);
            await File.WriteAllBytesAsync(_folder.Database + "-wal", flipped);
            await File.WriteAllBytesAsync(_folder.Database + ".witness", witness);
            File.Delete(_folder.Database + "-shm");
            using var open = Open();
            var log = new EmbeddedLog(open);
            foreach (var lane in open.Lanes)
            {
                // The kill may have come between a commit and its acknowledgement, of which the witness is a part.
                Assert.InRange(lane.End, told[lane.Index], ends[lane.Index]);
                var lost = log.Damages.Where(d => d.Topic == lane.Topic && d.Partition == lane.Partition).Sum(d => d.Count);
                var read = 0L;
                for (var at = lane.Start; at < lane.End - lost;)
                {
                    var slice = await log.ReadAsync(lane.Topic, lane.Partition, at, 1 << 20, default);
                    (at, read) = (slice.Next, read + slice.Count);
                }
                Assert.Equal(lane.End - lane.Start, read + lost);
            }
        }
    }

    private long[] Told(byte[] witness, int lanes)
    {
        var copy = _folder.Database + ".copied-witness";
        File.WriteAllBytes(copy, witness);
        using var file = new Witness(copy, System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(witness.AsSpan(8)), lanes);
        return file.Read()!;
    }

    private static async Task CheckFlipAsync(byte[] whole, int at, int bit, string path)
    {
        var label = string.Create(CultureInfo.InvariantCulture, $"byte {at}, bit {bit}");
        var flipped = (byte[])whole.Clone();
        flipped[at] ^= (byte)(1 << bit);
        await File.WriteAllBytesAsync(path, flipped);
        try
        {
            using var open = Open(path);
            var log = new EmbeddedLog(open);
            for (var partition = 0; partition < 4; partition++)
            {
                var read = await ReadAsync(log, partition);
                foreach (var (offset, text) in read) Assert.True(Text(partition, (int)offset) == text, label);
                var damages = log.Damages.Where(d => d.Topic == Topic.Hits && d.Partition == partition).ToList();
                for (var offset = 0L; offset < Records; offset++)
                    Assert.True(read.ContainsKey(offset) != damages.Exists(d => d.First <= offset && offset < d.Next), 
                        $"{label}: {partition}/{offset} read {read.ContainsKey(offset)}, {string.Join("; ", damages)}");
            }
        }
        catch (InvalidOperationException e)
        {
            Assert.Contains("is damaged", e.Message, StringComparison.Ordinal);
        }
    }

    private async Task FillAsync()
    {
        using var open = Open();
        var log = new EmbeddedLog(open);
        for (var i = 0; i < Records; i += 20)
            await Task.WhenAll(Enumerable.Range(0, 80).Select(n => log.AppendAsync(Topic.Hits, n % 4, Encoding.ASCII.GetBytes(Text(n % 4, i + n / 4)))));
    }

    private static async Task<Dictionary<long, string>> ReadAsync(EmbeddedLog log, int partition)
    {
        var read = new Dictionary<long, string>();
        var end = log.EndOffset(Topic.Hits, partition);
        using var giveUp = new CancellationTokenSource();
        for (long at = 0; at < end;)
        {
            var reading = log.ReadAsync(Topic.Hits, partition, at, 2000, giveUp.Token).AsTask();
            // Older records are read before the call returns; one that waits has found the rest to be lost.
            if (!reading.IsCompleted)
            {
                await giveUp.CancelAsync();
                break;
            }
            var slice = await reading;
            var offset = slice.FirstOffset;
            foreach (var record in slice) read[offset++] = Encoding.ASCII.GetString(record.Span);
            at = slice.Next;
        }
        return read;
    }

    private static string Text(int partition, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"<partition {partition} record {number:0000}>") + new string('.', number * 13 % 90);

    private EmbeddedFile Open() => Open(_folder.Database);

    private static EmbeddedFile Open(string path) => new(
        new EmbeddedLogOptions { Path = path, FreeBytesMin = 0, WalFillBytes = 0, TailBytesMax = 0, Durability = Durability.PageCache },
        TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<EmbeddedFile>.Instance);
}
