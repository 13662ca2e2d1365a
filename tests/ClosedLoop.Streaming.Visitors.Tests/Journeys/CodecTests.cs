using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.World;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

public class CodecTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, 1_000_000).ToArbitrary();

    [Fact]
    public void What_is_written_is_read_and_written_the_same() =>
        Prop.ForAll(Seeds, seed =>
        {
            var memory = Lived(seed);
            var again = memory.Reread();
            Assert.Equal(Bytes(memory.History), Bytes(again));
            Assert.Equal(Projection.Of(memory.Person), Projection.Of(new Person().Of(again)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void Reading_between_any_two_hits_changes_nothing() =>
        Prop.ForAll(Seeds, seed =>
        {
            var traffic = new Traffic(seed, 1, 1, Memory.T0, 20 * Memory.Day);
            var (whole, state) = (new Memory(), new VisitorState());
            var blob = new BlobWriter();
            var reader = new RecordReader();
            for (var i = 0; i < 60; i++)
            {
                var record = traffic.Next().Record(Memory.T0 + 20 * Memory.Day + i);
                whole.Add(record);
                reader.TryRead(record);
                state.Read(blob.Written.ToArray());
                HistoryWriter.Apply(state.History, reader, HitSource.ForMemory(HitSource.Of(reader, whole.Rules)), whole.Rules);
                blob.Clear();
                state.Write(blob);
            }
            state.Read(blob.Written.ToArray());
            Assert.Equal(Projection.Of(whole.Person), Projection.Of(new Person().Of(state.History)));
            Assert.Equal(Bytes(whole.History), Bytes(state.History));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void Damaged_bytes_end_by_name_or_in_a_memory_that_can_be_asked() =>
        Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            var bytes = Bytes(Lived(seed % 200).History);
            for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                var history = new History();
                HistoryCodec.Read(history, bytes);
                _ = Projection.Of(new Person().Of(history));
                HistoryCodec.Write(history, new BlobWriter());
            }
            catch (StateFormatException)
            {
                // The only way to say no.
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

    [Fact]
    public void A_visitor_with_one_view_takes_about_sixty_bytes()
    {
        var memory = new Memory();
        memory.Add(Hit.Page("v", Memory.T0, "/tents/four-season").With(Field.DeviceClass, "phone").With(Field.Country, "UA"));
        Assert.InRange(Bytes(memory.History).Length, 30, 90);
    }

    [Fact]
    public void Half_a_surrogate_in_a_trait_is_left_out_and_the_hit_counts()
    {
        var memory = new Memory();
        memory.Add(Hit.Page("v", Memory.T0).With(Field.Traits, "{\"city\":\"Lviv\",\"broken\":\"\\ud800\"}"));
        Assert.Equal("Lviv"u8, memory.Person.Trait("city"u8));
        Assert.Equal(1, memory.Person.PageViews);
    }

    [Fact]
    public void Any_score_leaves_a_state_that_can_be_read()
    {
        var memory = new Memory();
        foreach (var score in new long[] { -1, 11, 1000, long.MinValue, long.MaxValue, 4 })
            memory.Add(Hit.About("satisfaction_scored", "e:aa", Memory.T0).With(Field.Score, score));
        Assert.Equal(4, memory.Reread().Score);
    }

    internal static Memory Lived(int seed)
    {
        var traffic = new Traffic(seed, 1, 1, Memory.T0, 40 * Memory.Day);
        var memory = new Memory();
        for (var i = traffic.Random.Next(0, 150); i > 0; i--) memory.Add(traffic.Next().Record(Memory.T0 + 41 * Memory.Day));
        return memory;
    }

    private static byte[] Bytes(History history)
    {
        var blob = new BlobWriter();
        HistoryCodec.Write(history, blob);
        return blob.Written.ToArray();
    }
}
