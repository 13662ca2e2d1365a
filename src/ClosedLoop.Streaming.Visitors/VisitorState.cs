using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>How far a visitor is on the way to a person.</summary>
public enum Link : byte
{
    /// <summary>Anonymous: judged here.</summary>
    None = 0,
    /// <summary>An identifier was given; the lead's answer is on its way.</summary>
    Asked = 1,
    /// <summary>Belongs to a lead, which is judged there.</summary>
    Made = 2,
}

/// <summary>The state of the actor "visitor": a cookie (DESIGN.md §4). Reusable.</summary>
public sealed class VisitorState
{
    internal const byte Format = 1;

    public Standing Standing { get; } = new();
    public History History { get; } = new();
    public Link Link { get; set; }
    /// <summary>The lead, once known.</summary>
    public Id Lead { get; set; }
    /// <summary>The identifier that was given first: 'e:…', 'p:…', 'x:…'.</summary>
    public string Identifier { get; set; } = "";
    /// <summary>Counts the changes of this state; orders what is handed to the lead and the versions of sessions.</summary>
    public long Version { get; set; }

    public void Clear()
    {
        Standing.Clear();
        History.Clear();
        Link = Link.None;
        Lead = Id.None;
        Identifier = "";
        Version = 0;
    }

    public void Write(BlobWriter to)
    {
        to.Unsigned(Format);
        to.Unsigned((ulong)Version);
        to.Unsigned((ulong)Link);
        if (Link != Link.None) to.Text(System.Text.Encoding.UTF8.GetBytes(Identifier));
        if (Link == Link.Made)
        {
            to.Fixed(Lead.High);
            to.Fixed(Lead.Low);
        }
        Standing.Write(to);
        HistoryCodec.Write(History, to);
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public void Read(ReadOnlySpan<byte> blob)
    {
        Clear();
        if (blob.IsEmpty) return;
        var from = new BlobReader(blob);
        if (from.Unsigned() != Format) throw new StateFormatException(0);
        Version = (long)from.Unsigned();
        Link = (Link)from.Count(2);
        if (Link != Link.None) Identifier = System.Text.Encoding.UTF8.GetString(from[from.Text()]);
        if (Link == Link.Made) Lead = new Id(from.Fixed(), from.Fixed());
        Standing.Read(ref from);
        HistoryCodec.Read(History, blob[from.At..]);
    }
}
