using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>The verdict about a hit that names a campaign.</summary>
internal static class CampaignSource
{
    public static void Fill(ref SourceVerdict verdict, scoped in SourceInput input, SiteRules rules, ReferrerSource referrer)
    {
        verdict.HasCampaign = true;
        verdict.Campaign = input.Campaign;
        verdict.CampaignId = input.CampaignId;
        verdict.Term = input.Term;
        verdict.Content = input.Content;
        verdict.ClickId = input.ClickId;
        verdict.Network = input.Network;
        verdict.CampaignHash = HashOf(input);
        verdict.Source = Bytes.Trim(input.Source);
        verdict.Medium = Bytes.Trim(input.Medium);
        var click = input.ClickId.IsEmpty ? null : ClickNetwork.Named(input.Network);
        if (verdict.Source.IsEmpty) FillSource(ref verdict, click, referrer);
        else if (verdict.Medium.IsEmpty && click is { Proof: not ClickProof.None }) verdict.Medium = click.MediumBytes;
        verdict.Channel = SourceRules.OwnChannel(rules, verdict.Source, verdict.Medium, verdict.Campaign, referrer.Host, input.Referrer);
        if (verdict.Channel.IsEmpty && !input.LinkChannel.IsEmpty) verdict.Channel = Channels.OfLink(input.LinkChannel);
        if (verdict.Channel.IsEmpty) verdict.Channel = Grouped(verdict, click, referrer);
        verdict.IsDirect = verdict.Channel.SequenceEqual(Channels.Direct);
    }

    private static ReadOnlySpan<byte> Grouped(scoped in SourceVerdict verdict, ClickNetwork? click, scoped in ReferrerSource referrer)
    {
        var kind = SourceLists.OfName(verdict.Source)?.Kind ?? SourceKind.None;
        // Only the referrer can tell an engine that is on no list.
        if (kind == SourceKind.None && referrer.HasHost && verdict.Source.SequenceEqual(referrer.Source)) kind = referrer.Kind;
        var channel = ChannelGrouping.Of(verdict.Source, verdict.Medium, verdict.Campaign, kind);
        var paidSearch = kind == SourceKind.Search && click is { Proof: ClickProof.SearchAd } && channel.SequenceEqual(Channels.OrganicSearch);
        return paidSearch ? Channels.PaidSearch : channel;
    }

    // No utm_source: an ad's or a mailing's click id names its network; otherwise the referrer does; a mere mark (fbclid) only when nothing else is there.
    private static void FillSource(ref SourceVerdict verdict, ClickNetwork? click, ReferrerSource referrer)
    {
        var medium = verdict.Medium;
        if (click is { Proof: not ClickProof.None })
        {
            // Search ads also run on other engines (Microsoft's on Yahoo) and on videos: there the referrer knows better than the network.
            var elsewhere = click.Proof == ClickProof.SearchAd && referrer.Kind is (SourceKind.Search or SourceKind.Video);
            verdict.Source = elsewhere ? referrer.Source : click.SourceBytes;
            verdict.Medium = click.MediumBytes;
        }
        else if (referrer.HasHost)
        {
            verdict.Source = referrer.Source;
            verdict.Medium = referrer.Medium;
        }
        else if (click is not null)
        {
            verdict.Source = click.SourceBytes;
            verdict.Medium = click.MediumBytes;
        }
        else if (medium.IsEmpty)
        {
            verdict.Source = "(direct)"u8;
            verdict.Medium = "(none)"u8;
        }
        if (!medium.IsEmpty) verdict.Medium = medium;
    }

    private static ulong HashOf(scoped in SourceInput input)
    {
        var hash = Add(1, 1, input.Source);
        hash = Add(hash, 2, input.Medium);
        hash = Add(hash, 3, input.Campaign);
        hash = Add(hash, 4, input.CampaignId);
        hash = Add(hash, 5, input.Term);
        hash = Add(hash, 6, input.Content);
        hash = Add(hash, 7, input.LinkChannel);
        return Add(hash, 8, input.ClickId) | 1;
    }

    private static ulong Add(ulong hash, uint place, ReadOnlySpan<byte> text) => text.IsEmpty ? hash : XxHash.Hash64(text, hash + place);
}
