namespace ClosedLoop.Streaming.Visitors;

/// <summary>What one browser has handed to its lead: its whole history as of a version; a newer one replaces it.</summary>
public sealed class Handed
{
    public string VisitorId { get; set; } = "";
    public long Version { get; set; }
    public long SinceMs { get; set; }
    public string Identifier { get; set; } = "";
    public History History { get; } = new();
}

/// <summary>
/// The state of the actor "lead": a person. Its own history is what was said of the person without a browser; the rest is what the
/// browsers handed over. Taking a browser away again is leaving its part out. Reusable.
/// </summary>
public sealed class LeadState
{
    internal const byte Format = 1;
    /// <summary>Browsers of one person; the oldest is folded no further, later ones are refused and marked.</summary>
    public const int BrowsersMax = 32;
    public const int IdentifiersMax = 16;

    private readonly List<Handed> _pool = [];

    public Standing Standing { get; } = new();
    public History Own { get; } = new();
    public List<string> Identifiers { get; } = [];
    public int BrowserCount { get; private set; }
    public long Version { get; set; }

    public Handed this[int browser] => _pool[browser];

    public Handed? Find(ReadOnlySpan<byte> visitorId)
    {
        for (var i = 0; i < BrowserCount; i++)
            if (Utf8.Same(_pool[i].VisitorId, visitorId)) return _pool[i];
        return null;
    }

    /// <summary>Null when <see cref="BrowsersMax"/> is reached.</summary>
    public Handed? Add(string visitorId)
    {
        if (BrowserCount == BrowsersMax) return null;
        if (_pool.Count == BrowserCount) _pool.Add(new Handed());
        var handed = _pool[BrowserCount++];
        handed.VisitorId = visitorId;
        handed.Version = handed.SinceMs = 0;
        handed.Identifier = "";
        handed.History.Clear();
        return handed;
    }

    public Person AsPerson(Person person)
    {
        person.Begin();
        person.Add(Own);
        for (var i = 0; i < BrowserCount; i++) person.Add(_pool[i].History);
        return person;
    }

    public void Clear()
    {
        Standing.Clear();
        Own.Clear();
        Identifiers.Clear();
        BrowserCount = 0;
        Version = 0;
    }

    public void Write(BlobWriter to, BlobWriter scratch)
    {
        to.Unsigned(Format);
        to.Unsigned((ulong)Version);
        Standing.Write(to);
        to.Unsigned((ulong)Identifiers.Count);
        foreach (var identifier in Identifiers) to.Text(System.Text.Encoding.UTF8.GetBytes(identifier));
        WriteHistory(Own, to, scratch);
        to.Unsigned((ulong)BrowserCount);
        for (var i = 0; i < BrowserCount; i++)
        {
            var handed = _pool[i];
            to.Text(System.Text.Encoding.UTF8.GetBytes(handed.VisitorId));
            to.Text(System.Text.Encoding.UTF8.GetBytes(handed.Identifier));
            to.Signed(handed.Version);
            to.Signed(handed.SinceMs);
            WriteHistory(handed.History, to, scratch);
        }
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public void Read(ReadOnlySpan<byte> blob)
    {
        Clear();
        if (blob.IsEmpty) return;
        var from = new BlobReader(blob);
        if (from.Unsigned() != Format) throw new StateFormatException(0);
        Version = (long)from.Unsigned();
        Standing.Read(ref from);
        for (var n = from.Count(IdentifiersMax); n > 0; n--) Identifiers.Add(System.Text.Encoding.UTF8.GetString(from[from.Text()]));
        HistoryCodec.Read(Own, from[from.Text()]);
        for (var n = from.Count(BrowsersMax); n > 0; n--)
        {
            var handed = Add(System.Text.Encoding.UTF8.GetString(from[from.Text()]))!;
            handed.Identifier = System.Text.Encoding.UTF8.GetString(from[from.Text()]);
            handed.Version = from.Signed();
            handed.SinceMs = from.Signed();
            HistoryCodec.Read(handed.History, from[from.Text()]);
        }
    }

    private static void WriteHistory(History history, BlobWriter to, BlobWriter scratch)
    {
        scratch.Clear();
        HistoryCodec.Write(history, scratch);
        to.Text(scratch.Written);
    }
}

internal static class Utf8
{
    public static bool Same(string text, ReadOnlySpan<byte> utf8) =>
        System.Text.Encoding.UTF8.GetByteCount(text) == utf8.Length && text.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetString(utf8));
}
