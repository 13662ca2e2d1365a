using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>Facts as the processor writes them.</summary>
internal static class Facts
{
    public const long Start = 1_793_000_000_000; // 2026-10-26

    public static Id IdOf(string text) => Id.OfBytes(Encoding.UTF8.GetBytes(text));

    public static byte[] Fact(RecordKind kind, string name, long timeMs, string key, Action<RecordWriter> fields, string site = "demo")
    {
        var writer = new RecordWriter().Begin(kind, timeMs, IdOf(kind + name), Encoding.UTF8.GetBytes(site), Encoding.UTF8.GetBytes(key));
        fields(writer);
        return writer.Written.ToArray();
    }

    public static byte[] Hit(string name, long timeMs, string visitor, Action<RecordWriter>? fields = null)
    {
        var writer = new RecordWriter().Begin(RecordKind.Event, timeMs, IdOf("hit" + name), "demo"u8, Encoding.UTF8.GetBytes("v" + visitor));
        writer.Add(Field.Name, "page_view").Add(Field.VisitorId, visitor).Add(Field.PageUrl, "https://shop.example/tents?utm_source=x#top")
            .Add(Field.UserAgent, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0").Add(Field.Door, "pixel");
        fields?.Invoke(writer);
        return writer.Written.ToArray();
    }

    public static byte[] Event(string name, long timeMs, string visitor, Action<RecordWriter>? hit = null) =>
        Fact(RecordKind.EventStored, name, timeMs, "v" + visitor, w => w
            .Add(Field.VisitorId, visitor).Add(Field.SessionId, IdOf("s" + visitor)).Add(Field.Channel, "Direct")
            .Add(Field.Payload, Hit(name, timeMs, visitor, hit).AsSpan()));

    public static byte[] Session(string session, long startMs, string visitor, int version, long pageViews, bool deleted = false) =>
        Fact(RecordKind.SessionChanged, session + "/" + version, startMs, "v" + visitor, w => w
            .Add(Field.VisitorId, visitor).Add(Field.SessionId, IdOf(session)).Add(Field.SessionStartMs, startMs).Add(Field.SessionEndMs, startMs + 60_000)
            .Add(Field.PageViews, pageViews).Add(Field.Hits, pageViews).Add(Field.Engaged, pageViews > 1 ? 1L : 0L).Add(Field.Channel, "Paid Search")
            .Add(Field.Source, "google").Add(Field.Medium, "cpc").Add(Field.Version, version).Add(Field.Deleted, deleted ? 1L : 0L));
}
