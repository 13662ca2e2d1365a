using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Events.Tests;

public class RecordTests
{
    private static readonly Id Some = new(1, 2);

    [Fact]
    public void What_was_written_is_read()
    {
        var record = new RecordWriter().Begin(RecordKind.Event, 1234567890123, Some, "demo"u8, "vabc"u8)
            .Add(Field.Name, "page_view").Add(Field.Revenue, -129_9000L).Add(Field.TouchId, new Id(7, 8)).Add(Field.Term, "").Add(Field.PageTitle, "Zelte für Lviv ⛺").Written.ToArray();
        var reader = new RecordReader();
        Assert.True(reader.TryRead(record));
        Assert.Equal((RecordKind.Event, 1234567890123, Some), (reader.Kind, reader.TimeMs, reader.Id));
        Assert.Equal("demo", Encoding.UTF8.GetString(reader.Site));
        Assert.Equal("vabc", Encoding.UTF8.GetString(reader.Key));
        Assert.Equal("page_view", reader.Text(Field.Name));
        Assert.Equal(-129_9000L, reader.Int(Field.Revenue));
        Assert.Equal(new Id(7, 8), reader.IdOf(Field.TouchId));
        Assert.Equal("Zelte für Lviv ⛺", reader.Text(Field.PageTitle));
        Assert.False(reader.Has(Field.Term));
        Assert.Null(reader.TextOrNull(Field.Campaign));
    }

    [Fact]
    public void The_bytes_are_frozen()
    {
        var record = new RecordWriter().Begin(RecordKind.Tick, 1, Some, "s"u8, default).Add(Field.Flags, 3L).Written;
        Assert.Equal("01040100000000000000000000000000000100000000000000020173000601" + "06", Convert.ToHexStringLower(record));
    }

    [Fact]
    public void A_reader_forgets_the_record_before()
    {
        var reader = new RecordReader();
        Assert.True(reader.TryRead(new RecordWriter().Begin(RecordKind.Event, 1, Some, "s"u8, "v"u8).Add(Field.Name, "a").Written.ToArray()));
        Assert.True(reader.TryRead(new RecordWriter().Begin(RecordKind.Event, 1, Some, "s"u8, "v"u8).Written.ToArray()));
        Assert.False(reader.Has(Field.Name));
    }

    [Fact]
    public void A_record_has_a_limit()
    {
        var writer = new RecordWriter().Begin(RecordKind.Event, 1, Some, "s"u8, "v"u8);
        writer.Add(Field.Properties, new byte[RecordWriter.RecordBytesMax - 100]);
        Assert.Throws<RecordTooLargeException>(() => writer.Add(Field.Payload, new byte[100]));
    }

    [Fact]
    public void Hostile_bytes_are_refused_and_never_throw()
    {
        var record = new RecordWriter().Begin(RecordKind.Event, 1, Some, "site"u8, "vkey"u8).Add(Field.Name, "page_view").Add(Field.PageUrl, "https://a.example/").Written.ToArray();
        var reader = new RecordReader();
        for (var length = 0; length < 28; length++) Assert.False(reader.TryRead(record.AsMemory(0, length)));
        Prop.ForAll<byte[]>(bytes =>
        {
            reader.TryRead(bytes);
            var mixed = (byte[])record.Clone();
            for (var i = 0; i < bytes.Length; i++) mixed[(i * 31 + bytes[i]) % mixed.Length] = bytes[i];
            if (reader.TryRead(mixed))
            {
                _ = reader.Text(Field.Name);
                _ = reader.Int(Field.Revenue);
                _ = reader.IdOf(Field.TouchId);
            }
        }).QuickCheckThrowOnFailure();
    }
}
