using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>The beginning of a person's state: how it stands with the rules, without its history. Allocates nothing, so that everybody can be counted.</summary>
public ref struct StateHead
{
    /// <summary>Of a visitor: <see cref="Visitors.Link.Made"/> is judged at its lead.</summary>
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
        var head = new StateHead { Link = (Link)from.Count(2) };
        if (head.Link != Link.None) from.Text();
        if (head.Link == Link.Made)
        {
            from.Fixed();
            from.Fixed();
        }
        head.ReadStanding(ref from);
        return head;
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public static StateHead OfLead(ReadOnlySpan<byte> blob)
    {
        var from = new BlobReader(blob);
        if (from.Unsigned() != LeadState.Format) throw new StateFormatException(0);
        from.Unsigned();
        var head = new StateHead();
        head.ReadStanding(ref from);
        return head;
    }

    private void ReadStanding(ref BlobReader from)
    {
        RulesVersion = (long)from.Unsigned();
        if (RulesVersion == 0) return;
        from.Signed();
        from.Signed();
        from.Unsigned();
        Membership = from[from.Text()];
    }
}
