using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>One history that a lead has from elsewhere, and the actor key under which its sessions were made: the browser's or the other lead's.</summary>
public sealed class GuestPart
{
    public byte[] Key { get; init; } = [];
    public long Version { get; set; }
    public History History { get; } = new();
}

/// <summary>Another lead of the same person, as it hands itself on to the one that names the person. What it brings is told apart by its key.</summary>
public sealed class Guest
{
    public Id Lead { get; init; }
    public string Identifier { get; set; } = "";
    /// <summary>The turn of the name under which it hands itself on.</summary>
    public long Turn { get; set; }
    /// <summary>Its first parts are still coming in: it doesn't count yet.</summary>
    public bool IsArriving { get; set; }
    /// <summary>Leads that it is connected with.</summary>
    public List<Id> Knots { get; } = [];
    public List<GuestPart> Parts { get; } = [];

    public GuestPart? Find(ReadOnlySpan<byte> key)
    {
        foreach (var part in Parts)
            if (key.SequenceEqual(part.Key)) return part;
        return null;
    }

    internal void Write(BlobWriter to, BlobWriter scratch)
    {
        to.Fixed(Lead.High);
        to.Fixed(Lead.Low);
        to.Text(Encoding.UTF8.GetBytes(Identifier));
        to.Unsigned((ulong)Turn);
        to.Unsigned(IsArriving ? 1UL : 0);
        Ids.Write(Knots, to);
        to.Unsigned((ulong)Parts.Count);
        foreach (var part in Parts)
        {
            to.Text(part.Key);
            to.Signed(part.Version);
            scratch.Clear();
            HistoryCodec.Write(part.History, scratch);
            to.Text(scratch.Written);
        }
    }

    internal static Guest Read(ref BlobReader from)
    {
        var guest = new Guest { Lead = new Id(from.Fixed(), from.Fixed()), Identifier = Encoding.UTF8.GetString(from[from.Text()]) };
        guest.Turn = (long)from.Unsigned();
        guest.IsArriving = from.Count(1) == 1;
        Ids.Read(guest.Knots, LeadState.KnotsMax + LeadState.BrowsersMax * VisitorState.MergesMax, ref from);
        for (var n = from.Count(LeadState.PartsMax + 1); n > 0; n--)
        {
            var part = new GuestPart { Key = from[from.Text()].ToArray(), Version = from.Signed() };
            HistoryCodec.Read(part.History, from[from.Text()]);
            guest.Parts.Add(part);
        }
        return guest;
    }
}

internal static class Ids
{
    public static void Write(List<Id> ids, BlobWriter to)
    {
        to.Unsigned((ulong)ids.Count);
        foreach (var id in ids)
        {
            to.Fixed(id.High);
            to.Fixed(id.Low);
        }
    }

    public static void Read(List<Id> ids, int max, ref BlobReader from)
    {
        for (var n = from.Count(max); n > 0; n--) ids.Add(new Id(from.Fixed(), from.Fixed()));
    }
}
