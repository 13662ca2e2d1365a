namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// The memory of one person or browser: what happened, in order, within the caps of <see cref="Limits"/>. Reusable: <see cref="Clear"/> or
/// <see cref="HistoryCodec"/> fill it again without allocation. Not safe for two threads.
/// </summary>
public sealed partial class History
{
    /// <summary>Hits not yet folded, by (time, key).</summary>
    public Slots<Memo> Recent { get; } = new();
    /// <summary>Sessions whose hits are folded, by start.</summary>
    public Slots<Session> Folded { get; } = new();
    /// <summary>Touches of the sessions that were dropped, by time.</summary>
    public Slots<OldTouch> OldTouches { get; } = new();
    /// <summary>The lookback in days under which the ledger of this memory was posted last; 0 stands for the default of 90.</summary>
    public int PostedLookback { get; set; }
    /// <summary>All sessions as known now: the folded ones and those of the recent hits. Derived.</summary>
    public Slots<Session> Sessions { get; } = new();
    /// <summary>The last folded steps of the journey, by (time, key).</summary>
    public Slots<Memo> OldSteps { get; } = new();
    public Slots<OldMoment> OldMoments { get; } = new();

    public Slots<TextRef> Pages { get; } = new();
    public Slots<TextRef> Names { get; } = new();
    public SourceList Sources { get; }

    public Slots<SaidSource> Said { get; } = new();
    public Slots<NamedMoment> Forms { get; } = new();
    public Slots<NamedCount> ContactChannels { get; } = new();
    public Slots<NamedCount> Categories { get; } = new();
    public Slots<TraitValue> Traits { get; } = new();
    public Slots<Order> Orders { get; } = new();
    public Slots<Deal> Deals { get; } = new();
    public Slots<StageStep> Steps { get; } = new();
    public Slots<KnownId> Known { get; } = new();
    public Slots<ulong> KnownForEver { get; } = new();

    public long FirstSeen { get; set; }
    public long LastSeen { get; set; }
    public long LastActivity { get; set; }
    public long LastContact { get; set; }
    public long LastCart { get; set; }
    /// <summary>The newest moment of any hit; what is late is measured against it.</summary>
    public long NewestAt { get; set; }
    public long PageViews { get; set; }
    /// <summary>Sessions dropped from the list by its cap, still counted.</summary>
    public int SessionsDropped { get; set; }
    public long ScoreAt { get; set; }
    public ulong ScoreKey { get; set; }
    /// <summary>Last satisfaction, 0–10; −1 none.</summary>
    public int Score { get; set; } = -1;
    /// <summary>0 unknown, 1 accepted, 2 denied; the last by time.</summary>
    public int ConsentSaid { get; set; }
    public long ConsentAt { get; set; }
    public LastText Country { get; set; }
    public LastText Device { get; set; }
    public LastText ExternalId { get; set; }
    public LastText EmailSealed { get; set; }
    public LastText LostReason { get; set; }
    /// <summary>A cap was met: something old was given up.</summary>
    public bool Capped { get; set; }
    /// <summary>No hit of a person was ever applied (bots, or only remembered ids).</summary>
    public bool IsEmpty => NewestAt == 0;

    private byte[] _arena = new byte[4096];
    private int _arenaLength;

    public History() => Sources = new SourceList(this);

    /// <summary>Where the texts of a table lie in the adopted blob, and how many: tables only grow, so these are written again as they are.</summary>
    internal readonly record struct Adopted(TextRef Raw, int Count);

    internal Adopted AdoptedPages { get; set; }
    internal Adopted AdoptedNames { get; set; }

    public ReadOnlySpan<byte> this[TextRef text] => _arena.AsSpan(text.Offset, text.Length);

    /// <summary>A rule of the site found that the person is in this stage now.</summary>
    public void Raise(in StageStep step) => StageWriter.Add(this, step);

    /// <summary>Copies a text in; at most <paramref name="bytesMax"/> bytes of it.</summary>
    public TextRef Keep(ReadOnlySpan<byte> text, int bytesMax = Limits.TextBytesMax)
    {
        if (text.IsEmpty) return default;
        text = Utf8Cut.To(text, bytesMax);
        if (_arenaLength + text.Length > _arena.Length) Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _arenaLength + text.Length));
        text.CopyTo(_arena.AsSpan(_arenaLength));
        var kept = new TextRef(_arenaLength, text.Length);
        _arenaLength += text.Length;
        return kept;
    }

    /// <summary>Makes a whole blob the arena, so that decoded texts are references into it.</summary>
    internal void Adopt(ReadOnlySpan<byte> blob)
    {
        if (_arena.Length < blob.Length + 128) _arena = new byte[Math.Max(blob.Length + 128, _arena.Length * 2)];
        blob.CopyTo(_arena);
        _arenaLength = blob.Length;
    }

    public void Clear()
    {
        Recent.Clear(); Folded.Clear(); OldTouches.Clear(); Sessions.Clear(); OldSteps.Clear(); OldMoments.Clear();
        Pages.Clear(); Names.Clear(); Sources.Clear();
        Said.Clear(); Forms.Clear(); ContactChannels.Clear(); Categories.Clear(); Traits.Clear();
        Orders.Clear(); Deals.Clear(); Steps.Clear(); Known.Clear(); KnownForEver.Clear();
        FirstSeen = LastSeen = LastActivity = LastContact = LastCart = NewestAt = PageViews = ScoreAt = ConsentAt = 0;
        SessionsDropped = ConsentSaid = PostedLookback = 0;
        ScoreKey = 0;
        Score = -1;
        Country = Device = ExternalId = EmailSealed = LostReason = default;
        Capped = false;
        AdoptedPages = AdoptedNames = default;
        _arenaLength = 0;
    }

    public short PageOf(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) return -1;
        path = Utf8Cut.To(path, Limits.PageBytesMax);
        for (var i = 0; i < Pages.Count; i++)
            if (this[Pages[i]].SequenceEqual(path)) return (short)i;
        if (Pages.Count == Limits.PagesMax)
        {
            Capped = true;
            return -1;
        }
        Pages.Add(Keep(path, Limits.PageBytesMax));
        return (short)(Pages.Count - 1);
    }

    public ushort NameOf(ReadOnlySpan<byte> name)
    {
        var known = EventNames.NumberOf(name);
        if (known >= 0) return (ushort)known;
        name = Utf8Cut.To(name, Limits.NameBytesMax);
        for (var i = 0; i < Names.Count; i++)
            if (this[Names[i]].SequenceEqual(name)) return (ushort)(EventNames.FirstOwn + i);
        if (Names.Count == Limits.NamesMax)
        {
            Capped = true;
            return (ushort)(EventNames.FirstOwn + Limits.NamesMax - 1);
        }
        Names.Add(Keep(name, Limits.NameBytesMax));
        return (ushort)(EventNames.FirstOwn + Names.Count - 1);
    }

    /// <summary>The number of a name that this history has met, or −1.</summary>
    public int KnownName(ReadOnlySpan<byte> name)
    {
        var known = EventNames.NumberOf(name);
        if (known >= 0) return known;
        for (var i = 0; i < Names.Count; i++)
            if (this[Names[i]].SequenceEqual(name)) return EventNames.FirstOwn + i;
        return -1;
    }

    public ReadOnlySpan<byte> NameText(ushort name) =>
        name < EventNames.FirstOwn ? EventNames.TextOf(name) : this[Names[name - EventNames.FirstOwn]];

    public ReadOnlySpan<byte> PageText(short page) => page < 0 ? default : this[Pages[page]];
}
