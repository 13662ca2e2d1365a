using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// Resolves where a hit came from (FIELD.md §5 and §6): the campaign that it names, else its click id, else its referrer.
/// Pure; allocates only when a host comes in capitals or a search term has to be decoded.
/// </summary>
public static class SourceRules
{
    public static SourceVerdict Resolve(scoped in SourceInput input, SiteRules rules)
    {
        var named = input.NamesCampaign;
        if (input.Referrer.IsEmpty) return named ? Campaign(input, rules, default, default) : Direct(input, rules, default);
        if (!TryReferrer(input.Referrer, out var address)) return named ? Campaign(input, rules, default, "unknown"u8) : Direct(input, rules, "unknown"u8);
        if (IsOwn(address, input.Page, rules)) return Nothing("internal"u8) with { IsInternal = true };
        var referrer = ReferrerSource.Of(address);
        if (named) return Campaign(input, rules, referrer, referrer.RefrMedium);
        if (referrer.Kind == SourceKind.Payment) return Nothing("payment"u8) with { IsPayment = true, RefrSource = referrer.Name };
        return Referred(input, rules, referrer);
    }

    /// <summary>
    /// The touch of a source that a person named (<c>heard_from</c>): the channel of the kind it is known for, Offline for print and the like,
    /// otherwise Unassigned. The source stays as it was named, the medium is <c>reported</c>.
    /// </summary>
    public static SourceVerdict ResolveReported(ReadOnlySpan<byte> heardFrom, SiteRules rules)
    {
        var source = Bytes.Trim(heardFrom);
        var known = SourceLists.OfName(source);
        var verdict = new SourceVerdict { Source = source, Medium = "reported"u8 };
        verdict.Channel = OwnChannel(rules, source, "reported"u8, default, default, default) is { IsEmpty: false } own ? own
            : source.IsEmpty ? Channels.Unassigned
            : Channels.IsOffline(source) ? Channels.Offline
            : ChannelGrouping.Of(source, "reported"u8, default, known?.Kind ?? SourceKind.None);
        return verdict;
    }

    private static SourceVerdict Referred(scoped in SourceInput input, SiteRules rules, ReferrerSource referrer)
    {
        var verdict = new SourceVerdict
        {
            Source = referrer.Source, Medium = referrer.Medium, RefrMedium = referrer.RefrMedium, RefrSource = referrer.Name, RefrTerm = referrer.Term,
        };
        verdict.Channel = OwnChannel(rules, verdict.Source, verdict.Medium, default, referrer.Host, input.Referrer) is { IsEmpty: false } own ? own : referrer.Kind switch
        {
            SourceKind.Search => Channels.OrganicSearch,
            SourceKind.Social => Channels.OrganicSocial,
            SourceKind.Video => Channels.OrganicVideo,
            SourceKind.Shopping => Channels.OrganicShopping,
            SourceKind.Ai => Channels.AiAssistants,
            _ => Channels.Referral,
        };
        return verdict;
    }

    private static SourceVerdict Campaign(scoped in SourceInput input, SiteRules rules, ReferrerSource referrer, ReadOnlySpan<byte> refrMedium)
    {
        var verdict = new SourceVerdict
        {
            HasCampaign = true, Campaign = input.Campaign, CampaignId = input.CampaignId, Term = input.Term, Content = input.Content,
            ClickId = input.ClickId, Network = input.Network, RefrMedium = refrMedium, RefrSource = referrer.Name, RefrTerm = referrer.Term,
            CampaignHash = HashOf(input),
        };
        var click = input.ClickId.IsEmpty ? null : ClickNetwork.Named(input.Network);
        verdict.Source = Bytes.Trim(input.Source);
        verdict.Medium = Bytes.Trim(input.Medium);
        if (verdict.Source.IsEmpty) FillSource(ref verdict, click, referrer);
        else if (verdict.Medium.IsEmpty && click is { Proof: not ClickProof.None }) verdict.Medium = click.MediumBytes;
        var kind = SourceLists.OfName(verdict.Source)?.Kind ?? SourceKind.None;
        // Only the referrer can tell an engine that is on no list.
        if (kind == SourceKind.None && referrer.HasHost && verdict.Source.SequenceEqual(referrer.Source)) kind = referrer.Kind;
        verdict.Channel = OwnChannel(rules, verdict.Source, verdict.Medium, verdict.Campaign, referrer.Host, input.Referrer);
        if (verdict.Channel.IsEmpty && !input.LinkChannel.IsEmpty) verdict.Channel = Channels.OfLink(input.LinkChannel);
        if (verdict.Channel.IsEmpty) verdict.Channel = Grouped(verdict, kind, click);
        verdict.IsDirect = verdict.Channel.SequenceEqual(Channels.Direct);
        return verdict;
    }

    private static ReadOnlySpan<byte> Grouped(scoped in SourceVerdict verdict, SourceKind kind, ClickNetwork? click)
    {
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

    private static SourceVerdict Direct(scoped in SourceInput input, SiteRules rules, ReadOnlySpan<byte> refrMedium)
    {
        var verdict = Nothing(refrMedium);
        if (rules.ChannelRules.Count == 0) return verdict;
        var own = OwnChannel(rules, verdict.Source, verdict.Medium, default, default, input.Referrer);
        if (own.IsEmpty) return verdict;
        return verdict with { Channel = own, IsDirect = own.SequenceEqual(Channels.Direct) };
    }

    private static SourceVerdict Nothing(ReadOnlySpan<byte> refrMedium) =>
        new() { Channel = Channels.Direct, Source = "(direct)"u8, Medium = "(none)"u8, RefrMedium = refrMedium, IsDirect = true };

    private static ReadOnlySpan<byte> OwnChannel(SiteRules rules, scoped ReadOnlySpan<byte> source, scoped ReadOnlySpan<byte> medium,
        scoped ReadOnlySpan<byte> campaign, scoped ReadOnlySpan<byte> host, scoped ReadOnlySpan<byte> referrer)
    {
        for (var at = 0; at < rules.ChannelRules.Count; at++)
            if (rules.ChannelRules[at].Matches(source, medium, campaign, host, referrer)) return rules.ChannelRules[at].ChannelBytes;
        return default;
    }

    // Servers and forms also send a bare host. What a browser never sends as a referrer (file:, chrome-extension:) says nothing about a source.
    private static bool TryReferrer(ReadOnlySpan<byte> referrer, out PageAddress address)
    {
        if (PageAddress.TryParse(referrer, out address))
            return address.Scheme.IsEmpty || address.IsWeb || Bytes.Same(address.Scheme, "android-app"u8) || Bytes.Same(address.Scheme, "ios-app"u8);
        return PageAddress.TryParseBare(referrer, out address);
    }

    private static bool IsOwn(PageAddress referrer, ReadOnlySpan<byte> page, SiteRules rules)
    {
        if (rules.Hosts.Contains(referrer)) return true;
        if (!PageAddress.TryParse(page, out var own) && !PageAddress.TryParseBare(page, out own)) return false;
        return referrer.Port.SequenceEqual(own.Port) && System.Text.Ascii.EqualsIgnoreCase(referrer.Host, own.Host);
    }

    private static ulong HashOf(scoped in SourceInput input)
    {
        var hash = XxHash.Hash64(input.Source, 1);
        hash = XxHash.Hash64(input.Medium, hash);
        hash = XxHash.Hash64(input.Campaign, hash);
        hash = XxHash.Hash64(input.CampaignId, hash);
        hash = XxHash.Hash64(input.Term, hash);
        hash = XxHash.Hash64(input.Content, hash);
        hash = XxHash.Hash64(input.LinkChannel, hash);
        return XxHash.Hash64(input.ClickId, hash) | 1;
    }
}
