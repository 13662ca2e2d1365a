namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>The default channel grouping: the rows of FIELD.md §6 in their order, with ours (AI Assistants, Offline) between Organic Search and Referral.</summary>
public static class ChannelGrouping
{
    /// <summary>Channel of a resolved source, medium and campaign (UTF-8, any case). Never empty.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> source, ReadOnlySpan<byte> medium, ReadOnlySpan<byte> campaign) =>
        Of(source, medium, campaign, SourceLists.OfName(source)?.Kind ?? SourceKind.None);

    internal static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> source, ReadOnlySpan<byte> medium, ReadOnlySpan<byte> campaign, SourceKind kind)
    {
        source = Bytes.Trim(source);
        medium = Bytes.Trim(medium);
        if (IsDirect(source, medium)) return Channels.Direct;
        if (Bytes.Contains(campaign, "cross-network"u8)) return Channels.CrossNetwork;
        var shop = kind == SourceKind.Shopping || IsShopCampaign(campaign);
        if (IsPaid(medium)) return Paid(kind, shop, medium);
        if (IsDisplay(medium)) return Channels.Display;
        if (shop) return Channels.OrganicShopping;
        if (kind == SourceKind.Social || IsSocial(medium)) return Channels.OrganicSocial;
        if (kind == SourceKind.Video || Bytes.Contains(medium, "video"u8)) return Channels.OrganicVideo;
        if (kind == SourceKind.Search || Bytes.Same(medium, "organic"u8)) return Channels.OrganicSearch;
        if (kind == SourceKind.Ai) return Channels.AiAssistants;
        if (Channels.IsOffline(medium)) return Channels.Offline;
        return Rest(source, medium);
    }

    private static ReadOnlySpan<byte> Paid(SourceKind kind, bool shop, ReadOnlySpan<byte> medium)
    {
        if (shop) return Channels.PaidShopping;
        if (kind == SourceKind.Search) return Channels.PaidSearch;
        if (kind == SourceKind.Social) return Channels.PaidSocial;
        if (kind == SourceKind.Video) return Channels.PaidVideo;
        return IsDisplay(medium) ? Channels.Display : Channels.PaidOther;
    }

    private static ReadOnlySpan<byte> Rest(ReadOnlySpan<byte> source, ReadOnlySpan<byte> medium)
    {
        if (Bytes.Same(medium, "referral"u8) || Bytes.Same(medium, "app"u8) || Bytes.Same(medium, "link"u8)) return Channels.Referral;
        if (IsEmail(source) || IsEmail(medium)) return Channels.Email;
        if (Bytes.Same(medium, "affiliate"u8)) return Channels.Affiliates;
        if (Bytes.Same(medium, "audio"u8)) return Channels.Audio;
        if (Bytes.Same(source, "sms"u8) || Bytes.Same(medium, "sms"u8)) return Channels.Sms;
        if (Bytes.EndsWith(medium, "push"u8) || Bytes.Contains(medium, "mobile"u8) || Bytes.Contains(medium, "notification"u8)
            || Bytes.Same(source, "firebase"u8)) return Channels.MobilePush;
        return Channels.Unassigned;
    }

    private static bool IsDirect(ReadOnlySpan<byte> source, ReadOnlySpan<byte> medium)
    {
        if (source.IsEmpty && medium.IsEmpty) return true;
        return Bytes.Same(source, "(direct)"u8) && (medium.IsEmpty || Bytes.Same(medium, "(none)"u8) || Bytes.Same(medium, "(not set)"u8));
    }

    /// <summary>^(.*cp.*|ppc|retargeting|paid.*)$</summary>
    internal static bool IsPaid(ReadOnlySpan<byte> medium) =>
        Bytes.Contains(medium, "cp"u8) || Bytes.Same(medium, "ppc"u8) || Bytes.Same(medium, "retargeting"u8) || Bytes.StartsWith(medium, "paid"u8);

    /// <summary>^(.*(([^a-df-z]|^)shop|shopping).*)$: "shop" at the start, after an e or after what is no letter; "shopping" anywhere.</summary>
    internal static bool IsShopCampaign(ReadOnlySpan<byte> campaign)
    {
        for (var from = 0; ; from++)
        {
            var at = Bytes.IndexOf(campaign[from..], "shop"u8);
            if (at < 0) return false;
            from += at;
            if (from == 0 || !Bytes.IsLetter(campaign[from - 1]) || Bytes.Fold(campaign[from - 1]) == 'e') return true;
            if (Bytes.StartsWith(campaign[(from + 4)..], "ping"u8)) return true;
        }
    }

    private static bool IsDisplay(ReadOnlySpan<byte> medium) =>
        Bytes.Same(medium, "display"u8) || Bytes.Same(medium, "banner"u8) || Bytes.Same(medium, "expandable"u8)
        || Bytes.Same(medium, "interstitial"u8) || Bytes.Same(medium, "cpm"u8);

    private static bool IsSocial(ReadOnlySpan<byte> medium) =>
        Bytes.Same(medium, "social"u8) || Bytes.Same(medium, "social-network"u8) || Bytes.Same(medium, "social-media"u8)
        || Bytes.Same(medium, "sm"u8) || Bytes.Same(medium, "social network"u8) || Bytes.Same(medium, "social media"u8);

    private static bool IsEmail(ReadOnlySpan<byte> word) =>
        Bytes.Same(word, "email"u8) || Bytes.Same(word, "e-mail"u8) || Bytes.Same(word, "e_mail"u8) || Bytes.Same(word, "e mail"u8)
        || Bytes.Same(word, "newsletter"u8);
}
