using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>What one browser has handed to its lead: its whole history as of a version; a newer one replaces it.</summary>
public sealed class Handed
{
    public string VisitorId { get; set; } = "";
    public long Version { get; set; }
    public long SinceMs { get; set; }
    public string Identifier { get; set; } = "";
    /// <summary>It was merged with another, whose lead may not be known yet.</summary>
    public bool IsMerged { get; set; }
    /// <summary>Leads of the browsers that it was merged with.</summary>
    public List<Id> Knots { get; } = [];
    public History History { get; } = new();
}

/// <summary>
/// The state of the actor "lead": what one identifier is the home of. Its own history is what was said under that identifier without a
/// browser; the rest is what its browsers handed over. Where identifiers belong to one person, the lead that names the person
/// (<see cref="Root"/>) holds the others as guests, and is the person. Taking somebody away again is leaving the parts out. Reusable.
/// </summary>
public sealed partial class LeadState
{
    internal const byte Format = 2;
    /// <summary>Browsers of one identifier; later ones are refused and marked.</summary>
    public const int BrowsersMax = 32;
    /// <summary>Identifiers that were given together with this one.</summary>
    public const int KnotsMax = 16;
    /// <summary>Other leads of one person.</summary>
    public const int GuestsMax = 32;
    /// <summary>Histories of one person, of browsers and identifiers together.</summary>
    public const int PartsMax = 64;
    /// <summary>Names from before a division that are remembered as void; the oldest is forgotten.</summary>
    public const int VoidMax = 16;

    private readonly List<Handed> _pool = [];

    public Standing Standing { get; } = new();
    public History Own { get; } = new();
    /// <summary>The identifier whose home this is: "e:…", "p:…", "x:…"; "v:…" for browsers that were merged and nobody has named.</summary>
    public string Identifier { get; set; } = "";
    /// <summary>As in <see cref="RootLabel.Since"/>; 0: nothing is known here yet.</summary>
    public long Since { get; set; }
    /// <summary>Counts the divisions of the person that this lead names.</summary>
    public long Turn { get; set; }
    /// <summary>Who names the person; none: this lead itself.</summary>
    public RootLabel Root { get; set; }
    /// <summary>Asked its root to let it go, and where to then.</summary>
    public RootLabel Wanted { get; set; }
    public bool IsLeaving { get; set; }
    /// <summary>The stage that was told last while this lead was judged itself.</summary>
    public Stage StageTold { get; set; }
    /// <summary>Leads of identifiers that were given together with this one: for good.</summary>
    public List<Id> Knots { get; } = [];
    /// <summary>Names that were given up, up to that turn.</summary>
    public List<(Id Lead, long Turn)> Void { get; } = [];
    public List<Guest> Guests { get; } = [];
    public int BrowserCount { get; private set; }
    public long Version { get; set; }

    /// <summary>Names its person, and is judged.</summary>
    public bool IsRoot => Root.IsNone;

    public bool IsUnnamed => Since == RootLabel.Unnamed;

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
        handed.IsMerged = false;
        handed.Knots.Clear();
        handed.History.Clear();
        return handed;
    }

    public void RemoveBrowsers() => BrowserCount = 0;

    /// <summary>What was handed to this lead and said under its own name, without guests.</summary>
    public Person AsOwnPerson(Person person)
    {
        person.Begin();
        person.Add(Own);
        for (var i = 0; i < BrowserCount; i++) person.Add(_pool[i].History);
        return person;
    }

    /// <summary>The whole person; the parts stand in the order of <see cref="KeyOf"/>.</summary>
    public Person AsPerson(Person person)
    {
        AsOwnPerson(person);
        foreach (var guest in Guests)
            if (!guest.IsArriving)
                foreach (var part in guest.Parts) person.Add(part.History);
        return person;
    }

    /// <summary>The actor key under which a part of <see cref="AsPerson"/> made its sessions.</summary>
    /// <param name="own">The lead's own key.</param>
    public byte[] KeyOf(int part, byte[] own)
    {
        if (part == 0) return own;
        if (part <= BrowserCount) return Encoding.UTF8.GetBytes("v" + _pool[part - 1].VisitorId);
        part -= BrowserCount + 1;
        foreach (var guest in Guests)
        {
            if (guest.IsArriving) continue;
            if (part < guest.Parts.Count) return guest.Parts[part].Key;
            part -= guest.Parts.Count;
        }
        throw new ArgumentOutOfRangeException(nameof(part));
    }

    /// <summary>The browsers of the whole person.</summary>
    public IEnumerable<string> VisitorIds()
    {
        for (var i = 0; i < BrowserCount; i++) yield return _pool[i].VisitorId;
        foreach (var guest in Guests)
            if (!guest.IsArriving)
                foreach (var part in guest.Parts)
                    if (part.Key[0] == (byte)'v') yield return Encoding.UTF8.GetString(part.Key.AsSpan(1));
    }

    /// <summary>Nobody is here: everything was handed back, or nothing ever came.</summary>
    public bool IsEmpty
    {
        get
        {
            if (!Own.IsEmpty || BrowserCount > 0) return false;
            foreach (var guest in Guests)
                if (!guest.IsArriving && guest.Parts.Count > 0) return false;
            return true;
        }
    }

    public void Clear()
    {
        Standing.Clear();
        Own.Clear();
        Identifier = "";
        Since = Turn = Version = 0;
        Root = Wanted = default;
        IsLeaving = false;
        StageTold = Stage.Visitor;
        Knots.Clear();
        Void.Clear();
        Guests.Clear();
        BrowserCount = 0;
    }
}

internal static class Utf8
{
    public static bool Same(string text, ReadOnlySpan<byte> utf8) =>
        Encoding.UTF8.GetByteCount(text) == utf8.Length && text.AsSpan().SequenceEqual(Encoding.UTF8.GetString(utf8));
}
