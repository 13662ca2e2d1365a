using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>Where one event came from: as the archive shows it, and as the memory keeps it.</summary>
public static class HitSource
{
    // A stored link names its campaign itself: wherever it was clicked, also on the site's own page, the click is the touch.
    public static SourceVerdict Of(RecordReader e, SiteRules rules)
    {
        var input = SourceInput.Of(e);
        return SourceRules.Resolve(e.Has(Field.LinkSlug) && input.NamesCampaign ? WithoutReferrer(input) : input, rules);
    }

    public static ResolvedSource ForMemory(in SourceVerdict verdict) => new()
    {
        Channel = verdict.Channel, Source = verdict.Source, Medium = verdict.Medium, Campaign = verdict.Campaign, Term = verdict.Term,
        Content = verdict.Content, ClickId = verdict.ClickId, Network = verdict.Network, RefrMedium = verdict.RefrMedium,
        RefrSource = verdict.RefrSource, HasCampaign = verdict.HasCampaign, IsPayment = verdict.IsPayment,
        IsNone = verdict.IsInternal || verdict.IsPayment || (verdict.IsDirect && !verdict.HasCampaign),
    };

    private static SourceInput WithoutReferrer(SourceInput input) => new()
    {
        Source = input.Source, Medium = input.Medium, Campaign = input.Campaign, CampaignId = input.CampaignId, Term = input.Term,
        Content = input.Content, ClickId = input.ClickId, Network = input.Network, LinkChannel = input.LinkChannel, Page = input.Page,
    };
}
