using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>The resolved source of an event: for the memory, and as fields of its fact.</summary>
internal static class StoredFields
{
    public static ResolvedSource ForMemory(in SourceVerdict verdict) => new()
    {
        Channel = verdict.Channel, Source = verdict.Source, Medium = verdict.Medium, Campaign = verdict.Campaign, Term = verdict.Term,
        Content = verdict.Content, ClickId = verdict.ClickId, Network = verdict.Network, RefrMedium = verdict.RefrMedium,
        RefrSource = verdict.RefrSource, HasCampaign = verdict.HasCampaign, IsPayment = verdict.IsPayment,
        IsNone = verdict.IsInternal || verdict.IsPayment || (verdict.IsDirect && !verdict.HasCampaign),
    };

    public static void Add(RecordWriter fact, RecordReader e, in SourceVerdict verdict, Id session, ReadOnlySpan<byte> sessionChannel)
    {
        if (session != Id.None) fact.Add(Field.SessionId, session);
        fact.Add(Field.Channel, sessionChannel.IsEmpty && e.Has(Field.PageUrl) ? verdict.Channel : sessionChannel)
            .Add(Field.RefrMedium, verdict.RefrMedium).Add(Field.RefrSource, verdict.RefrSource).Add(Field.RefrTerm, verdict.RefrTerm);
        if (verdict.IsInternal || verdict.IsPayment) return;
        fact.Add(Field.Source, verdict.Source).Add(Field.Medium, verdict.Medium).Add(Field.Campaign, verdict.Campaign);
    }

    // A stored link names its campaign itself: wherever it was clicked, also on the site's own page, the click is the touch.
    public static SourceVerdict Resolve(RecordReader e, SiteRules rules)
    {
        var input = SourceInput.Of(e);
        return SourceRules.Resolve(e.Has(Field.LinkSlug) && input.NamesCampaign ? WithoutReferrer(input) : input, rules);
    }

    private static SourceInput WithoutReferrer(SourceInput input) => new()
    {
        Source = input.Source, Medium = input.Medium, Campaign = input.Campaign, CampaignId = input.CampaignId, Term = input.Term,
        Content = input.Content, ClickId = input.ClickId, Network = input.Network, LinkChannel = input.LinkChannel, Page = input.Page,
    };
}
