namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// Resolves where a hit came from (FIELD.md §5 and §6): the campaign that it names, else its click id, else its referrer.
/// Pure; allocates only when a host comes in capitals or a search term has to be decoded.
/// </summary>
public static class SourceRules
{
    public static SourceVerdict Resolve(scoped in SourceInput input, SiteRules rules)
    {
        // One verdict is filled in place: it is large, and copying it would cost more than deciding.
        var verdict = new SourceVerdict();
        var named = input.NamesCampaign;
        if (input.Referrer.IsEmpty)
        {
            if (named) CampaignSource.Fill(ref verdict, input, rules, default);
            else Direct(ref verdict, input, rules);
        }
        else if (IsSameOrigin(input.Referrer, input.Page)) Internal(ref verdict);
        else if (!TryReferrer(input.Referrer, out var address))
        {
            verdict.RefrMedium = "unknown"u8;
            if (named) CampaignSource.Fill(ref verdict, input, rules, default);
            else Direct(ref verdict, input, rules);
        }
        else if (IsOwn(address, input.Page, rules)) Internal(ref verdict);
        else Outside(ref verdict, input, rules, ReferrerSource.Of(address), named);
        return verdict;
    }

    /// <summary>
    /// The touch of a source that a person named (<c>heard_from</c>): the channel of the kind it is known for, Offline for print and the like,
    /// otherwise Unassigned. The source stays as it was named, the medium is <c>reported</c>.
    /// </summary>
    public static SourceVerdict ResolveReported(ReadOnlySpan<byte> heardFrom, SiteRules rules)
    {
        var source = Bytes.Trim(heardFrom);
        var verdict = new SourceVerdict { Source = source, Medium = "reported"u8 };
        verdict.Channel = OwnChannel(rules, source, "reported"u8, default, default, default);
        if (!verdict.Channel.IsEmpty) return verdict;
        if (source.IsEmpty) verdict.Channel = Channels.Unassigned;
        else if (Channels.IsOffline(source)) verdict.Channel = Channels.Offline;
        else verdict.Channel = ChannelGrouping.Of(source, "reported"u8, default);
        return verdict;
    }

    /// <summary>The channel of the first of the site's own rules that matches; empty when none does.</summary>
    internal static ReadOnlySpan<byte> OwnChannel(SiteRules rules, scoped ReadOnlySpan<byte> source, scoped ReadOnlySpan<byte> medium,
        scoped ReadOnlySpan<byte> campaign, scoped ReadOnlySpan<byte> host, scoped ReadOnlySpan<byte> referrer)
    {
        for (var at = 0; at < rules.ChannelRules.Count; at++)
            if (rules.ChannelRules[at].Matches(source, medium, campaign, host, referrer)) return rules.ChannelRules[at].ChannelBytes;
        return default;
    }

    private static void Outside(ref SourceVerdict verdict, scoped in SourceInput input, SiteRules rules, ReferrerSource referrer, bool named)
    {
        verdict.RefrMedium = referrer.RefrMedium;
        verdict.RefrSource = referrer.Name;
        verdict.RefrTerm = referrer.Term;
        if (named)
        {
            CampaignSource.Fill(ref verdict, input, rules, referrer);
            return;
        }
        if (referrer.Kind == SourceKind.Payment)
        {
            Nothing(ref verdict);
            verdict.IsPayment = true;
            return;
        }
        verdict.Source = referrer.Source;
        verdict.Medium = referrer.Medium;
        verdict.Channel = OwnChannel(rules, verdict.Source, verdict.Medium, default, referrer.Host, input.Referrer);
        if (verdict.Channel.IsEmpty) verdict.Channel = referrer.Channel;
        verdict.IsDirect = verdict.Channel.SequenceEqual(Channels.Direct);
    }

    private static void Direct(ref SourceVerdict verdict, scoped in SourceInput input, SiteRules rules)
    {
        Nothing(ref verdict);
        var own = OwnChannel(rules, verdict.Source, verdict.Medium, default, default, input.Referrer);
        if (own.IsEmpty) return;
        verdict.Channel = own;
        verdict.IsDirect = own.SequenceEqual(Channels.Direct);
    }

    private static void Internal(ref SourceVerdict verdict)
    {
        Nothing(ref verdict);
        verdict.IsInternal = true;
        verdict.RefrMedium = "internal"u8;
    }

    // The next page of a visit: scheme, host and port are the same bytes, and nothing has to be taken apart twice.
    private static bool IsSameOrigin(ReadOnlySpan<byte> referrer, ReadOnlySpan<byte> page)
    {
        if (!PageAddress.TryParse(page, out var own) || !own.IsWeb) return false;
        var length = own.OriginLength(page);
        return referrer.Length >= length && (referrer.Length == length || referrer[length] is (byte)'/' or (byte)'?' or (byte)'#')
            && referrer[..length].SequenceEqual(page[..length]);
    }

    private static void Nothing(ref SourceVerdict verdict)
    {
        verdict.Channel = Channels.Direct;
        verdict.Source = "(direct)"u8;
        verdict.Medium = "(none)"u8;
        verdict.IsDirect = true;
    }

    // Servers and forms also send a bare host. What a browser never sends as a referrer (file:, chrome-extension:) says nothing about a source.
    private static bool TryReferrer(ReadOnlySpan<byte> referrer, out PageAddress address)
    {
        if (PageAddress.TryParse(referrer, out address))
            return address.Scheme.IsEmpty || address.IsWeb || Bytes.Same(address.Scheme, "android-app"u8) || Bytes.Same(address.Scheme, "ios-app"u8);
        return PageAddress.TryParseBare(referrer, out address);
    }

    private static bool IsOwn(scoped in PageAddress referrer, scoped ReadOnlySpan<byte> page, SiteRules rules)
    {
        // The page's own host first: that is nearly every hit of a visit, and one comparison.
        var known = PageAddress.TryParse(page, out var own) || PageAddress.TryParseBare(page, out own);
        if (known && referrer.Port.SequenceEqual(own.Port) && System.Text.Ascii.EqualsIgnoreCase(referrer.Host, own.Host)) return true;
        return rules.Hosts.Contains(referrer.Host, referrer.Port);
    }
}
