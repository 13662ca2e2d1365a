using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Writes facts about one person into the outbox; ids derive from the cause, the person, the kind and an ordinal (DESIGN.md §4).</summary>
public sealed class FactWriter(Outbox outbox)
{
    private readonly RecordWriter _writer = new();
    private byte[] _site = [], _key = [];
    private int _siteLength, _keyLength;
    /// <summary>Unix ms of the facts being written.</summary>
    public long TimeMs => _timeMs;

    private Id _origin, _cause;
    private long _timeMs;
    private int _ordinal;

    public ReadOnlySpan<byte> Site => _site.AsSpan(0, _siteLength);
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>Facts are known already, or nobody asks for them: what is sent is dropped, and what is costly need not be written. States stay the same.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whose facts follow, and what caused them.</summary>
    public void About(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, Id cause, long timeMs)
    {
        Copy(site, ref _site, out _siteLength);
        Copy(key, ref _key, out _keyLength);
        Because(cause, timeMs);
    }

    /// <summary>The same person, another cause.</summary>
    public void Because(Id cause, long timeMs) => Because(cause, cause, timeMs);

    /// <summary>
    /// The same person, another cause, brought by a message: ids derive from the message, because one event may bring several
    /// (the question of a browser, and what it still had to tell when the answer came).
    /// </summary>
    public void Because(Id cause, Id message, long timeMs) => (_cause, _origin, _timeMs, _ordinal) = (cause, message, timeMs, 0);

    /// <summary>Begins a fact; fields are added to what is returned, then <see cref="Send"/>.</summary>
    public RecordWriter Begin(RecordKind kind)
    {
        var id = Id.Derive(_origin, Key, kind, _ordinal++);
        _writer.Begin(kind, _timeMs, id, Site, Key).Add(Field.CauseId, _cause);
        if (_keyLength > 0 && _key[0] == ActorKey.Visitor) _writer.Add(Field.VisitorId, _key.AsSpan(1, _keyLength - 1));
        if (_keyLength > 0 && _key[0] == ActorKey.Lead) _writer.Add(Field.LeadId, _key.AsSpan(1, _keyLength - 1));
        return _writer;
    }

    public void Send()
    {
        if (!IsSilent) outbox.Fact(_writer.Written);
    }

    private static void Copy(ReadOnlySpan<byte> from, ref byte[] to, out int length)
    {
        if (to.Length < from.Length) to = new byte[Math.Max(64, from.Length)];
        from.CopyTo(to);
        length = from.Length;
    }

    /// <summary>Adds where a session or touch came from.</summary>
    public static void AddSource(RecordWriter fact, History history, short source)
    {
        fact.Add(Field.Channel, history.ChannelOf(source));
        if (source < 0) return;
        var entry = history.Sources[source];
        fact.Add(Field.Source, history[entry.Source]).Add(Field.Medium, history[entry.Medium]).Add(Field.Campaign, history[entry.Campaign])
            .Add(Field.Term, history[entry.Term]).Add(Field.Content, history[entry.Content]).Add(Field.ClickId, history[entry.ClickId])
            .Add(Field.Network, history[entry.Network]).Add(Field.RefrMedium, history[entry.RefrMedium]).Add(Field.RefrSource, history[entry.RefrSource]);
    }

    /// <summary>The id of a touch that was said, not tracked: the same hit may also have begun a session.</summary>
    public static Id SaidId(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ulong hit) => SessionId(site, key, hit ^ 0x5A1D_5A1D_5A1D_5A1DUL);

    /// <summary>The id of a session, and of its touch: a hash of the browser and the session's first hit.</summary>
    public static Id SessionId(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ulong firstHit)
    {
        Span<byte> bytes = stackalloc byte[site.Length + key.Length + 9];
        site.CopyTo(bytes);
        bytes[site.Length] = 0;
        key.CopyTo(bytes[(site.Length + 1)..]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes[^8..], firstHit);
        return Id.OfBytes(bytes);
    }

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
