using System.Buffers.Binary;
using ClosedLoop.Streaming.Bench.Load;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>Page views as the pixel's door writes them, framed as in a slice of the log. Made before they are measured, and made again in place.</summary>
internal sealed class HitBatch
{
    private const int Variants = 512, Seed = 11;
    /// <summary>Sunday, 1 November 2026.</summary>
    private const long BeganMs = 1_793_491_200_000;

    private static readonly byte[] Site = "demo"u8.ToArray();

    private readonly byte[][] _entries = new byte[Variants][];
    private readonly byte[][] _pages = new byte[Variants][];
    private readonly byte[][] _browsers = new byte[Variants][];
    private readonly RecordWriter _writer = new();
    private readonly byte[] _bytes;
    private int _length;

    public HitBatch(int hitsMax)
    {
        _bytes = new byte[hitsMax * 1024];
        Visitors = new ulong[hitsMax];
        var random = new Random(Seed);
        for (var i = 0; i < Variants; i++)
            (_entries[i], _pages[i], _browsers[i]) = (EntryFieldsOf(random), PageFieldsOf(random), BrowserFieldsOf(random));
    }

    /// <summary>The visitors of the batch, as the opponent knows them.</summary>
    public ulong[] Visitors { get; }

    public int Count { get; private set; }

    /// <summary>Count × (4-byte length, record).</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    public void Fill(VisitorMix mix, int count)
    {
        (_length, Count) = (0, count);
        for (var i = 0; i < count; i++)
        {
            var ordinal = mix.Ordinal;
            var visitor = mix.Next();
            Visitors[i] = (ulong)visitor + 1;
            Write(visitor, mix.BeganVisit, ordinal, BeganMs + (long)(ordinal * (VisitorMix.Days * 86_400_000 / mix.Hits)));
            var record = _writer.Written;
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), record.Length);
            record.CopyTo(_bytes.AsSpan(_length + 4));
            _length += 4 + record.Length;
        }
    }

    private void Write(int visitor, bool begins, long ordinal, long timeMs)
    {
        Span<byte> text = stackalloc byte[33];
        var name = Id.OfBytes(BitConverter.GetBytes(visitor));
        text[0] = (byte)'v';
        _ = System.Text.Encoding.ASCII.GetBytes(name.ToString(), text[1..]);
        var chance = XxHash.Hash64(BitConverter.GetBytes(ordinal));
        _writer.Begin(RecordKind.Event, timeMs, Id.AtDoor(timeMs, chance, ~chance), Site, text)
            .Add(Field.Name, "page_view"u8).Add(Field.Door, "pixel"u8).Add(Field.VisitorId, text[1..])
            .AddRaw((begins ? _entries : _pages)[chance % Variants]).AddRaw(_browsers[name.Low % Variants]);
    }

    private byte[] PageFieldsOf(Random random)
    {
        Begin().Add(Field.PageUrl, Pages.Plain(random)).Add(Field.Referrer, Pages.Plain(random)).Add(Field.PageTitle, Pages.Title(random));
        return Fields();
    }

    private byte[] EntryFieldsOf(Random random)
    {
        var page = Pages.Page(random);
        var campaign = new Uri(page).Query.TrimStart('?').Split('&').Select(p => p.Split('=')).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        Begin().Add(Field.PageUrl, page).Add(Field.Referrer, Pages.Outside(random)).Add(Field.PageTitle, Pages.Title(random))
            .Add(Field.Source, campaign.GetValueOrDefault("utm_source")).Add(Field.Medium, campaign.GetValueOrDefault("utm_medium"))
            .Add(Field.Campaign, campaign.GetValueOrDefault("utm_campaign"))
            .Add(Field.ClickId, campaign.GetValueOrDefault("gclid") ?? campaign.GetValueOrDefault("fbclid"));
        return Fields();
    }

    private byte[] BrowserFieldsOf(Random random)
    {
        Begin().Add(Field.DeviceClass, random.NextDouble() < 0.6 ? "desktop" : "mobile").Add(Field.UserAgent, Pages.Agent(random))
            .Add(Field.Language, Pages.Language(random)).Add(Field.Ip, "203.0.113.0");
        return Fields();
    }

    private RecordWriter Begin() => _writer.Begin(RecordKind.Event, 0, Id.None, default, default);

    // A header without site and key takes 28 bytes.
    private byte[] Fields() => _writer.Written[28..].ToArray();
}
