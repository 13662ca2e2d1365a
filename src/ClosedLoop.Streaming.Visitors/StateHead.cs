using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>The beginning of a person's state: how it stands with the rules, without its history. Allocates nothing, so that everybody can be counted.</summary>
public ref struct StateHead
{
    /// <summary><see cref="Visitors.Link.Made"/>: a visitor is judged at its lead, a lead at the one that names the person.</summary>
    public Link Link { get; private set; }
    /// <summary>0: never judged.</summary>
    public long RulesVersion { get; private set; }
    /// <summary>As the Segments room wrote it; empty when never judged.</summary>
    public ReadOnlySpan<byte> Membership { get; private set; }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public static StateHead OfVisitor(ReadOnlySpan<byte> blob)
    {
        var from = new BlobReader(blob);
        if (from.Unsigned() != VisitorState.Format) throw new StateFormatException(0);
        from.Unsigned();
        var link = from.Count(3);
        var head = new StateHead { Link = (Link)(link & 1) };
        if (head.Link == Link.Made)
        {
            from.Text();
            from.Fixed();
            from.Fixed();
            from.Unsigned();
        }
        if ((link & VisitorState.HasMore) != 0) from.Text();
        head.ReadStanding(ref from);
        return head;
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public static StateHead OfLead(ReadOnlySpan<byte> blob)
    {
        var from = new BlobReader(blob);
        if (from.Unsigned() != LeadState.Format) throw new StateFormatException(0);
        from.Unsigned();
        var head = new StateHead { Link = (Link)from.Count(1) };
        head.ReadStanding(ref from);
        return head;
    }

    private void ReadStanding(ref BlobReader from)
    {
        var version = from.Unsigned();
        if (version is 0 or Standing.OnlySequence) return;
        RulesVersion = (long)version;
        from.Signed();
        from.Signed();
        from.Unsigned();
        Membership = from[from.Text()];
    }
}
