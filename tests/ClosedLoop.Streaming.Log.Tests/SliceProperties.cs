using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Log.Tests;

/// <summary>Cutting and caching against the obvious way of doing it.</summary>
public sealed class SliceProperties
{
    [Fact]
    public void A_cut_is_the_longest_run_that_fits_or_one_record() => Prop.ForAll<byte[][], byte, ushort>((records, skipSeed, bytesMax) =>
    {
        if (records.Length == 0) return;
        var skip = skipSeed % records.Length;
        var (bytes, count) = Frames.Cut(Framed(records), records.Length, skip, bytesMax);
        Assert.Equal(count, Frames.Count(bytes.Span));
        Assert.Equal(Framed(records[skip..(skip + count)]), bytes.ToArray());
        Assert.True(count == 1 || bytes.Length <= bytesMax);
        if (skip + count < records.Length) Assert.True(bytes.Length + 4 + records[skip + count].Length > bytesMax);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bytes_that_are_no_frames_are_never_counted_as_such() => Prop.ForAll<byte[]>(bytes =>
    {
        var count = Frames.Count(bytes);
        Assert.InRange(count, -1, bytes.Length / 4);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_tail_gives_what_was_added_from_wherever_it_still_begins() => Prop.ForAll<byte[][], ushort, byte>((records, tailBytes, slice) =>
    {
        var tail = new Tail(tailBytes);
        var arena = new Arena(0);
        var segments = new List<Segment>();
        long next = 0;
        foreach (var record in records)
        {
            arena.Add(record, segments);
            arena.Seal(segments);
            tail.Add(next++, 1, segments[^1].Bytes);
        }
        for (long from = 0; from < records.Length; from++)
        {
            if (!tail.TryRead(from, slice, out var read)) continue;
            Assert.Equal(from, read.FirstOffset);
            Assert.Equal(Framed(records[(int)from..(int)read.Next]), read.Bytes.ToArray());
        }
        Assert.False(tail.TryRead(records.Length, slice, out _));
        if (records.Length > 0) Assert.True(tail.TryRead(records.Length - 1, slice, out _));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_change_of_a_chunk_shows_in_its_sum() => Prop.ForAll<byte[], ushort, byte>((bytes, at, bit) =>
    {
        if (bytes.Length == 0) return;
        var lane = new Lane(Topic.Facts, 1, 5, 0);
        var chunk = Chunk.Make(lane, 1, 1000, bytes);
        Assert.True(chunk.IsWhole && chunk.Follows(0));
        var flipped = (byte[])bytes.Clone();
        flipped[at % bytes.Length] ^= (byte)(1 << bit % 8);
        Assert.False((chunk with { Bytes = flipped }).IsWhole);
        Assert.False((chunk with { First = at + 1 }).IsWhole);
        Assert.False((chunk with { TimeMs = 1001 + at }).IsWhole);
        Assert.False((chunk with { Partition = 2 }).IsWhole);
    }).QuickCheckThrowOnFailure();

    private static byte[] Framed(byte[][] records)
    {
        var all = new List<byte>();
        Span<byte> prefix = stackalloc byte[4];
        foreach (var record in records)
        {
            BinaryPrimitives.WriteInt32LittleEndian(prefix, record.Length);
            all.AddRange(prefix);
            all.AddRange(record);
        }
        return [.. all];
    }
}
