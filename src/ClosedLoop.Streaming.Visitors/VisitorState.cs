using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>Whose a visitor is.</summary>
public enum Link : byte
{
    /// <summary>Anonymous: judged here.</summary>
    None = 0,
    /// <summary>Hands its history to a lead, and is judged there.</summary>
    Made = 1,
}

/// <summary>The state of the actor "visitor": a cookie (DESIGN.md §4). Reusable.</summary>
public sealed partial class VisitorState
{
    internal const byte Format = 2;
    /// <summary>Other browsers that this one was ever merged with; when full, what is undone longest is forgotten first.</summary>
    public const int MergesMax = 16;
    /// <summary>People who share one browser; who comes later counts as the one before.</summary>
    public const int PersonasMax = 8;
    /// <summary>Changes between them that are remembered, so that a late hit finds its person; the oldest are forgotten.</summary>
    public const int SwitchesMax = 32;
    /// <summary>Beside the link: there are merges or personas.</summary>
    internal const int HasMore = 2;

    public Standing Standing { get; } = new();
    public History History { get; } = new();
    public Link Link { get; set; }
    /// <summary>The lead that gets the history, while linked.</summary>
    public Id Lead { get; set; }
    /// <summary>The identifier that was given first: "e:…", "p:…", "x:…"; "v:…" for a browser that was merged and is not named.</summary>
    public string Identifier { get; set; } = "";
    /// <summary>Counts the changes of this state; orders what is handed to the lead and the versions of sessions.</summary>
    public long Version { get; set; }
    /// <summary>The stage that was told last while anonymous.</summary>
    public Stage StageTold { get; set; }
    public List<VisitorMerge> Merges { get; } = [];
    /// <summary>The browser's own is the first; empty until somebody is named.</summary>
    public List<Persona> Personas { get; } = [];
    /// <summary>By (time, key).</summary>
    public List<PersonaSwitch> Switches { get; } = [];

    /// <summary>Belongs to nobody but by merges that are undone.</summary>
    public bool IsNamed => Identifier.Length > 0 && Identifier[0] != 'v' || Personas.Count > 0 && Personas[0].Email.Length + Personas[0].ExternalId.Length + Personas[0].Phone.Length > 0;

    public bool IsMerged => Merges.Exists(m => m.IsMerged);

    public void Clear()
    {
        ClearHead();
        History.Clear();
    }

    private void ClearHead()
    {
        Standing.Clear();
        Link = Link.None;
        Lead = Id.None;
        Identifier = "";
        Version = 0;
        StageTold = Stage.Visitor;
        Merges.Clear();
        Personas.Clear();
        Switches.Clear();
    }

    public void Write(BlobWriter to)
    {
        WriteHead(to);
        HistoryCodec.Write(History, to);
    }

    /// <summary>All but the history, which follows.</summary>
    public void WriteHead(BlobWriter to)
    {
        to.Unsigned(Format);
        to.Unsigned((ulong)Version);
        var more = Merges.Count + Personas.Count > 0;
        to.Unsigned((ulong)Link | (more ? HasMore : 0UL));
        if (Link == Link.Made)
        {
            to.Text(Encoding.UTF8.GetBytes(Identifier));
            to.Fixed(Lead.High);
            to.Fixed(Lead.Low);
            to.Unsigned((ulong)StageTold);
        }
        if (more) WriteMore(to);
        Standing.Write(to);
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public void Read(ReadOnlySpan<byte> blob)
    {
        Clear();
        if (!blob.IsEmpty) HistoryCodec.Read(History, blob[ReadHead(blob)..]);
    }

    /// <summary>Anonymous, never merged, and one person's.</summary>
    public static bool IsAlone(ReadOnlySpan<byte> blob)
    {
        var from = new BlobReader(blob);
        return from.Unsigned() == Format && from.Unsigned() > 0 && from.Unsigned() == 0;
    }

    /// <summary>All but the history; returns where that begins. What was there of a history before stays.</summary>
    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public int ReadHead(ReadOnlySpan<byte> blob)
    {
        ClearHead();
        var from = new BlobReader(blob);
        if (from.Unsigned() != Format) throw new StateFormatException(0);
        Version = (long)from.Unsigned();
        var link = from.Count(3);
        Link = (Link)(link & 1);
        if (Link == Link.Made)
        {
            Identifier = Encoding.UTF8.GetString(from[from.Text()]);
            Lead = new Id(from.Fixed(), from.Fixed());
            StageTold = (Stage)from.Count((int)Stage.Lost);
        }
        if ((link & HasMore) != 0) ReadMore(from[from.Text()]);
        Standing.Read(ref from);
        return from.At;
    }
}
