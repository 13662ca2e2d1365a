using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>The state of the actor "identifier": an e-mail, phone or CRM id points to one lead.</summary>
public readonly record struct IdentifierState(Id Lead, long SinceMs)
{
    /// <summary>The lead that an identifier names when nobody has said otherwise: a hash, so that every replay finds the same.</summary>
    public static Id LeadOf(ReadOnlySpan<byte> site, ReadOnlySpan<byte> identifier)
    {
        Span<byte> bytes = stackalloc byte[site.Length + 1 + identifier.Length];
        site.CopyTo(bytes);
        bytes[site.Length] = 0;
        identifier.CopyTo(bytes[(site.Length + 1)..]);
        return Id.OfBytes(bytes);
    }

    public void Write(BlobWriter to)
    {
        to.Unsigned(1);
        to.Fixed(Lead.High);
        to.Fixed(Lead.Low);
        to.Signed(SinceMs);
    }

    public static IdentifierState Read(ReadOnlySpan<byte> blob)
    {
        var from = new BlobReader(blob);
        if (from.Unsigned() != 1) throw new StateFormatException(0);
        return new IdentifierState(new Id(from.Fixed(), from.Fixed()), from.Signed());
    }
}
