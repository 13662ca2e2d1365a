using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>Where an identifier is at home. Nothing has to be kept: who named it first is known there.</summary>
public static class IdentifierHome
{
    /// <summary>The lead of an identifier ("e:…", "p:…", "x:…", "v:…"): a hash, so that every replay and every partition finds the same.</summary>
    public static Id LeadOf(ReadOnlySpan<byte> site, ReadOnlySpan<byte> identifier)
    {
        Span<byte> bytes = stackalloc byte[site.Length + 1 + identifier.Length];
        site.CopyTo(bytes);
        bytes[site.Length] = 0;
        identifier.CopyTo(bytes[(site.Length + 1)..]);
        return Id.OfBytes(bytes);
    }
}
