namespace ClosedLoop.Streaming.Visitors;

/// <summary>A hit's source after the rules of FIELD.md §5–6, as slices; what <see cref="HistoryWriter"/> keeps of it.</summary>
public ref struct ResolvedSource
{
    public ReadOnlySpan<byte> Channel, Source, Medium, Campaign, Term, Content, ClickId, Network, RefrMedium, RefrSource;
    /// <summary>Brought a campaign of its own: cuts a session.</summary>
    public bool HasCampaign;
    /// <summary>Nothing came from outside: internal, payment, or no referrer at all.</summary>
    public bool IsNone;
    public bool IsPayment;
}
