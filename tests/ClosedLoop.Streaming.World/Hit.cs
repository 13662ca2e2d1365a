using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;

namespace ClosedLoop.Streaming.World;

/// <summary>Builds event records the way the doors do. Times are unix ms; <c>received</c> is the collector's, by default the time of the event.</summary>
public sealed class Hit
{
    private static long _ordinal;
    private readonly List<Action<RecordWriter>> _fields = [];
    private readonly string _name;
    private readonly byte[] _key;
    private readonly long _at;
    private long _received;
    private EventFlags _flags;
    private string _site = "demo";

    private Hit(string name, byte[] key, long at) => (_name, _key, _at, _received) = (name, key, at, at);

    public static Hit Of(string name, string visitorId, long at) => new(name, ActorKey.OfVisitor(visitorId), at);

    /// <summary>An event that names only a person: "e:…", "x:…", "p:…"; or only an order "o:…" or a deal "d:…".</summary>
    public static Hit About(string name, string identifier, long at)
    {
        var hit = new Hit(name, ActorKey.OfIdentifier(identifier), at);
        return identifier[0] is 'o' or 'd' ? hit : hit.Identify(identifier);
    }

    public static Hit Page(string visitorId, long at, string path = "/", string? referrer = null) =>
        Of("page_view", visitorId, at).With(Field.PageUrl, "https://shop.example" + path).With(Field.Referrer, referrer);

    public Hit Received(long ms) { _received = ms; return this; }

    public Hit On(string site) { _site = site; return this; }

    public Hit Flag(EventFlags flags) { _flags |= flags; return this; }

    public Hit With(Field field, string? text) { _fields.Add(w => w.Add(field, text)); return this; }

    public Hit With(Field field, long value) { _fields.Add(w => w.Add(field, value)); return this; }

    public Hit Campaign(string source, string medium, string? campaign = null) =>
        With(Field.Source, source).With(Field.Medium, medium).With(Field.Campaign, campaign);

    public Hit Email(string hash) => With(Field.Email, hash);

    public Hit Money(string order, decimal revenue) => Flag(EventFlags.Verified).With(Field.OrderId, order)
        .With(Field.Revenue, (long)(revenue * Events.Money.Unit)).With(Field.Currency, "EUR");

    public Hit Identify(string identifier) => identifier[0] switch
    {
        'e' => With(Field.Email, identifier[2..]),
        'p' => With(Field.Phone, identifier[2..]),
        _ => With(Field.ExternalId, identifier[2..]),
    };

    /// <param name="seed">Names the hit: equal seeds give equal ids.</param>
    public byte[] Record(string? seed = null)
    {
        var id = Id.OfBytes(Encoding.UTF8.GetBytes(seed ?? $"hit {Interlocked.Increment(ref _ordinal)}"));
        var writer = new RecordWriter().Begin(RecordKind.Event, _received, id, Encoding.UTF8.GetBytes(_site), _key).Add(Field.Name, _name);
        if (_received != _at) writer.Add(Field.OccurredMs, _at);
        if (_flags != EventFlags.None) writer.Add(Field.Flags, (long)_flags);
        foreach (var field in _fields) field(writer);
        return writer.Written.ToArray();
    }
}
