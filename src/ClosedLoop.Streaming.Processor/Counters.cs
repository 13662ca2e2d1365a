using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// What became of every hit of a partition since creation; kept with the position, so that <c>verify</c> can prove
/// received = stored + duplicates + refused + totals_only + erased + expired + in_flight at any cut of the log.
/// </summary>
public sealed class Counters
{
    /// <summary>Hits that a door appended and that were read here.</summary>
    public long Received { get; set; }
    public long Stored { get; set; }
    public long Duplicates { get; set; }
    public long Refused { get; set; }
    public long TotalsOnly { get; set; }
    /// <summary>Sent on to the lead that they name; counted by its partition.</summary>
    public long ForwardedOut { get; set; }
    public long ForwardedIn { get; set; }
    public long SegmentChanges { get; set; }
    /// <summary>Two leads claim one identifier: the later claim waits for a merge.</summary>
    public long IdentifierConflicts { get; set; }
    /// <summary>Records that no reader understands: kept as refused.</summary>
    public long Poison { get; set; }

    /// <summary>Becomes equal to another.</summary>
    public void CopyFrom(Counters other)
    {
        (Received, Stored, Duplicates, Refused, TotalsOnly) = (other.Received, other.Stored, other.Duplicates, other.Refused, other.TotalsOnly);
        (ForwardedOut, ForwardedIn, SegmentChanges) = (other.ForwardedOut, other.ForwardedIn, other.SegmentChanges);
        (IdentifierConflicts, Poison) = (other.IdentifierConflicts, other.Poison);
    }

    /// <summary>What somebody else counted comes to it.</summary>
    public void Add(Counters other)
    {
        (Received, Stored, Duplicates) = (Received + other.Received, Stored + other.Stored, Duplicates + other.Duplicates);
        (Refused, TotalsOnly) = (Refused + other.Refused, TotalsOnly + other.TotalsOnly);
        (ForwardedOut, ForwardedIn) = (ForwardedOut + other.ForwardedOut, ForwardedIn + other.ForwardedIn);
        (SegmentChanges, IdentifierConflicts) = (SegmentChanges + other.SegmentChanges, IdentifierConflicts + other.IdentifierConflicts);
        Poison += other.Poison;
    }

    public byte[] Write()
    {
        var to = new BlobWriter();
        to.Unsigned(1);
        foreach (var value in (ReadOnlySpan<long>)[Received, Stored, Duplicates, Refused, TotalsOnly, ForwardedOut, ForwardedIn, SegmentChanges, IdentifierConflicts, Poison])
            to.Unsigned((ulong)value);
        return to.Written.ToArray();
    }

    public static Counters Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return new Counters();
        var from = new BlobReader(bytes);
        from.Unsigned();
        long Next(ref BlobReader reader) => (long)reader.Unsigned();
        return new Counters
        {
            Received = Next(ref from), Stored = Next(ref from), Duplicates = Next(ref from), Refused = Next(ref from), TotalsOnly = Next(ref from),
            ForwardedOut = Next(ref from), ForwardedIn = Next(ref from), SegmentChanges = Next(ref from), IdentifierConflicts = Next(ref from),
            Poison = Next(ref from),
        };
    }
}
