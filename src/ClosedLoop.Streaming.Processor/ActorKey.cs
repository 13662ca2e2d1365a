using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Keys of actors: 'v' + visitor id, 'i' + identifier, 'l' + lead id (32 hex). On the shelf: site, a zero byte, key.</summary>
public static class ActorKey
{
    public const byte Visitor = (byte)'v', Identifier = (byte)'i', Lead = (byte)'l', Published = (byte)'p', Line = (byte)'q', Cost = (byte)'c';

    /// <summary>Of the published rules, which belong to no site.</summary>
    public static readonly byte[] PublishedKey = [Published];

    /// <summary>Of a line of an imported file that nobody understood.</summary>
    public static byte[] OfLine(ReadOnlySpan<byte> eventId) => [Line, .. Utf8Cut.To(eventId, Limits.NameBytesMax)];

    public static byte[] OfVisitor(string visitorId) => Encoding.UTF8.GetBytes("v" + visitorId);

    public static byte[] OfIdentifier(string identifier) => Encoding.UTF8.GetBytes("i" + identifier);

    public static byte[] OfLead(Id lead) => Encoding.ASCII.GetBytes("l" + lead);

    /// <summary>The first byte of a key says whether a browser, an identifier or a person bears it.</summary>
    public static bool IsActor(byte kind) => kind is Visitor or Identifier or Lead;

    /// <summary>Writes the shelf's key; returns its length (at most 300).</summary>
    public static int OnShelf(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, Span<byte> target)
    {
        site.CopyTo(target);
        target[site.Length] = 0;
        key.CopyTo(target[(site.Length + 1)..]);
        return site.Length + 1 + key.Length;
    }

    /// <summary>Splits a shelf's key into site and actor key.</summary>
    public static void Split(ReadOnlySpan<byte> shelfKey, out ReadOnlySpan<byte> site, out ReadOnlySpan<byte> key)
    {
        var zero = shelfKey.IndexOf((byte)0);
        site = shelfKey[..zero];
        key = shelfKey[(zero + 1)..];
    }

    /// <summary>The identifiers that a record gives, the strongest first: e-mail, CRM id, phone.</summary>
    public static IEnumerable<string> IdentifiersOf(string? email, string? externalId, string? phone)
    {
        if (CanName(email)) yield return "e:" + email;
        if (CanName(externalId)) yield return "x:" + externalId;
        if (CanName(phone)) yield return "p:" + phone;
    }

    // 'i', the kind and a colon stand in front; what is longer than an actor's key may be names nobody.
    private static bool CanName(string? identifier) =>
        !string.IsNullOrEmpty(identifier) && Encoding.UTF8.GetByteCount(identifier) + 3 <= Partitioning.KeyBytesMax;
}
