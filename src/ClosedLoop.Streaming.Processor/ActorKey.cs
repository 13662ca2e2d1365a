using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Keys of actors: 'v' + visitor id, 'i' + identifier, 'l' + lead id (32 hex). On the shelf: site, a zero byte, key.</summary>
public static class ActorKey
{
    public const byte Visitor = (byte)'v', Identifier = (byte)'i', Lead = (byte)'l', Published = (byte)'p', Line = (byte)'q', Cost = (byte)'c';

    public static byte[] OfVisitor(string visitorId) => Encoding.UTF8.GetBytes("v" + visitorId);

    public static byte[] OfIdentifier(string identifier) => Encoding.UTF8.GetBytes("i" + identifier);

    public static byte[] OfLead(Id lead) => Encoding.ASCII.GetBytes("l" + lead);

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
