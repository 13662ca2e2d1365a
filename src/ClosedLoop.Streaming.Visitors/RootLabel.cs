using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// The name of a person: the lead that gathers everybody whom identifiers and merges connect. The earliest identifier by (time, id) names it;
/// <see cref="Turn"/> counts how often the person was divided, so that a name from before a division can be told from one after it.
/// </summary>
/// <param name="Since">Twice the unix ms when the identifier was first heard of, one more when it was only named beside another; <see cref="Unnamed"/> for a browser's own lead.</param>
public readonly record struct RootLabel(Id Lead, long Since, long Turn)
{
    /// <summary>Of a lead that no identifier names: any identifier comes before it.</summary>
    public const long Unnamed = long.MaxValue;

    public bool IsNone => Lead == Id.None;

    /// <summary>Whether this lead, and not the other, names a person that both belong to. A strict order: pointers along it never make a ring.</summary>
    public bool IsBefore(in RootLabel other) => Since != other.Since ? Since < other.Since : Lead < other.Lead;

    /// <summary>Of one lead the later turn.</summary>
    public bool IsNewerThan(in RootLabel other) => Lead == other.Lead && Turn > other.Turn;

    internal void Write(BlobWriter to)
    {
        to.Fixed(Lead.High);
        to.Fixed(Lead.Low);
        to.Signed(Since);
        to.Unsigned((ulong)Turn);
    }

    internal static RootLabel Read(ref BlobReader from) => new(new Id(from.Fixed(), from.Fixed()), from.Signed(), (long)from.Unsigned());
}
