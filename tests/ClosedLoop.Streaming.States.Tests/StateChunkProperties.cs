using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.States.Tests;

public class StateChunkProperties
{
    private static readonly ChunkPlace Place = new(3, 17);

    private static readonly Gen<(int Key, int State, uint Due)[]> Entries =
        (from key in Gen.Choose(1, Shelf.KeyBytesMax)
         from state in Gen.Frequency((1, Gen.Constant(0)), (5, Gen.Choose(1, 2_000)))
         from due in Gen.Elements(0u, 1u, 1_763_000_000u, uint.MaxValue)
         select (key, state, state == 0 ? 0 : due)).ArrayOf();

    private static byte[] Chunk((int Key, int State, uint Due)[] entries)
    {
        var writer = new StateChunkWriter(16);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].State == 0) writer.Remove(ShelfModel.State(entries[i].Key, i));
            else writer.Put(ShelfModel.State(entries[i].Key, i), entries[i].Due, ShelfModel.State(entries[i].State, i + 1));
        }
        return writer.Finish().ToArray();
    }

    [Fact]
    public void What_is_written_is_read() => Prop.ForAll(Entries.Where(e => e.Length > 0).ToArbitrary(), entries =>
    {
        var reader = new StateChunkReader(Chunk(entries), Place);
        for (var i = 0; i < entries.Length; i++)
        {
            Assert.True(reader.MoveNext());
            Assert.True(reader.Key.SequenceEqual(ShelfModel.State(entries[i].Key, i)));
            Assert.True(reader.State.SequenceEqual(ShelfModel.State(entries[i].State, i + 1)));
            Assert.Equal(entries[i].Due, reader.DueSeconds);
            Assert.Equal(entries[i].State == 0, reader.IsRemoval);
        }
        Assert.False(reader.MoveNext());
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void A_flipped_bit_is_noticed() => Prop.ForAll(
        Entries.Where(e => e.Length > 0).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (entries, where) =>
        {
            var chunk = Chunk(entries);
            var bit = where % (chunk.Length * 8);
            chunk[bit / 8] ^= (byte)(1 << (bit % 8));
            var error = Assert.Throws<StateChunkCorruptException>(() => ReadAll(chunk));
            Assert.Contains("partition 3, chunk 17", error.Message, StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>An attacker who can compute the checksum still only gets the named error.</summary>
    [Fact]
    public void Hostile_bytes_with_a_true_checksum_give_the_named_error() => Prop.ForAll(
        Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().ToArbitrary(), Gen.Choose(0, 5).ToArbitrary(), (body, count) =>
        {
            var chunk = new byte[16 + body.Length];
            body.CopyTo(chunk, 16);
            StateChunk.WriteHeader(chunk, count);
            var error = Record.Exception(() => ReadAll(chunk));
            Assert.True(error is null or StateChunkCorruptException, error?.ToString());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void A_chunk_that_is_cut_is_noticed()
    {
        var chunk = Chunk([(30, 100, 5u), (30, 200, 0u)]);
        for (var length = 0; length < chunk.Length; length++)
            Assert.Throws<StateChunkCorruptException>(() => ReadAll(chunk[..length]));
    }

    [Fact]
    public void A_chunk_has_a_limit()
    {
        var writer = new StateChunkWriter();
        while (writer.HasRoom(10, Shelf.StateBytesMax)) writer.Put(new byte[10], 0, new byte[Shelf.StateBytesMax]);
        Assert.Throws<StateChunkTooLargeException>(() => writer.Put(new byte[10], 0, new byte[Shelf.StateBytesMax]));
        Assert.Equal(15, writer.Count);
        Assert.Equal(15, ReadAll(writer.Finish().ToArray()));
        writer.Clear();
        Assert.True(writer.Finish().IsEmpty);
    }

    private static int ReadAll(byte[] chunk)
    {
        var reader = new StateChunkReader(chunk, Place);
        var count = 0;
        while (reader.MoveNext()) count++;
        return count;
    }
}
