using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors.Sources;
using ClosedLoop.Streaming.World;

namespace ClosedLoop.Streaming.Visitors.Tests.Journeys;

/// <summary>One history that hits are applied to, the way an actor does it.</summary>
internal sealed class Memory
{
    /// <summary>2026-11-18 14:26:40 UTC.</summary>
    public const long T0 = 1_795_012_000_000;
    public const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    private readonly Person _person = new();
    private readonly RecordReader _reader = new();
    private int _ordinal;

    public SiteRules Rules { get; init; } = new() { Hosts = new HostSet(["shop.example"]) };

    public History History { get; } = new();

    public Person Person => _person.Of(History);

    /// <param name="seed">Names the hit where order or repetition matters.</param>
    public Applied Add(Hit hit, string? seed = null) => Add(hit.Record(seed ?? $"memory {_ordinal++}"));

    public Applied Add(byte[] record)
    {
        Assert.True(_reader.TryRead(record));
        return HistoryWriter.Apply(History, _reader, HitSource.ForMemory(HitSource.Of(_reader, Rules)), Rules);
    }

    /// <summary>The same memory after it was written down and read again.</summary>
    public History Reread()
    {
        var blob = new BlobWriter();
        HistoryCodec.Write(History, blob);
        var again = new History();
        HistoryCodec.Read(again, blob.Written);
        return again;
    }

    public double? Number(NumberMeasure measure) => Person.TryNumber(measure, out var value) ? value : null;

    public string Text(TextMeasure measure) => System.Text.Encoding.UTF8.GetString(Person.TextOf(measure));
}
