using System.Globalization;
using System.Text;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>
/// A power loss at level disk: at every sync the files are copied, and of what was written to the write-ahead file since the sync before,
/// each sector is kept, dropped or torn by a seeded coin. What was acknowledged until then must be there, whole, in every such image.
/// </summary>
public sealed class LossyDiskTests : IDisposable
{
    private const int SectorBytes = 512;
    // SQLite syncs the header of a restarted write-ahead file by itself, before any frame follows.
    private const int HeaderBytes = 32;

    private readonly LogFolder _live = new();
    private readonly LogFolder _image = new();
    private readonly List<(byte[] Database, byte[] Before, byte[] After, long[] Ends)> _losses = [];
    private byte[] _synced = [];

    private static int Syncs => Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_LONG") == "1" ? 1_000 : 120;

    public void Dispose()
    {
        _live.Dispose();
        _image.Dispose();
    }

    [Fact]
    public async Task What_was_acknowledged_survives_every_image_of_the_disk()
    {
        using (var file = _live.Open(o => (o.WalFillBytes, o.WalBytesMax) = (0, 1 << 20)))
        {
            _synced = Read(_live.Database + "-wal");
            file.Sync.Fault = () => Snapshot(file);
            var log = new EmbeddedLog(file);
            for (var i = 0; i < Syncs; i++)
                await Task.WhenAll(Enumerable.Range(0, 1 + i % 9).Select(n => log.AppendAsync(Topic.Hits, n % 4, Record(i, n))));
        }
        Assert.True(_losses.Count >= Syncs);
        var random = new Random(42);
        foreach (var loss in _losses)
        {
            await File.WriteAllBytesAsync(_image.Database, loss.Database);
            await File.WriteAllBytesAsync(_image.Database + "-wal", Lose(loss.Before, loss.After, random));
            File.Delete(_image.Database + "-shm");
            File.Delete(_image.Database + ".witness");
            await CheckAsync(loss.Ends);
        }
    }

    private async Task CheckAsync(long[] ends)
    {
        using var file = _image.Open(o => (o.WalFillBytes, o.TailBytesMax) = (0, 0));
        var log = new EmbeddedLog(file);
        for (var partition = 0; partition < 4; partition++)
        {
            Assert.True(log.EndOffset(Topic.Hits, partition) >= ends[partition]);
            for (long at = 0; at < log.EndOffset(Topic.Hits, partition);)
            {
                var slice = await log.ReadAsync(Topic.Hits, partition, at, 1 << 20, default);
                Assert.Equal(at, slice.FirstOffset);
                foreach (var record in slice) Assert.StartsWith("record ", Encoding.ASCII.GetString(record.Span), StringComparison.Ordinal);
                at = slice.Next;
            }
        }
        Assert.Empty(log.Damages);
    }

    // Runs on the committer's thread where it would sync: what it wrote before the last sync is safe, the rest is not yet.
    private void Snapshot(EmbeddedFile file)
    {
        var wal = Read(_live.Database + "-wal");
        _losses.Add((Read(_live.Database), _synced, wal, [.. Enumerable.Range(0, 4).Select(p => file.Lanes[p].End)]));
        _synced = wal;
    }

    private static byte[] Lose(byte[] before, byte[] after, Random random)
    {
        var image = (byte[])after.Clone();
        for (var at = 0; at < image.Length; at += SectorBytes)
        {
            var start = Math.Max(at, HeaderBytes);
            var length = Math.Min(at + SectorBytes, image.Length) - start;
            var old = before.AsSpan(Math.Min(start, before.Length), Math.Clamp(before.Length - start, 0, length));
            if (old.Length == length && old.SequenceEqual(after.AsSpan(start, length))) continue;
            var kept = random.Next(4) switch { 0 => 0, 1 => random.Next(length), _ => length };
            var lost = image.AsSpan(start + kept, length - kept);
            lost.Clear();
            if (old.Length > kept) old[kept..].CopyTo(lost);
        }
        return random.Next(3) == 0 ? image[..Math.Max(Math.Min(before.Length, image.Length), random.Next(image.Length))] : image;
    }

    private static byte[] Record(int round, int number) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"record {round} {number} ") + new string('-', (round * 31 + number) % 900));

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
