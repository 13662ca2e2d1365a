using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Collector;

/// <summary>Writes addresses, cleaned of what must not be stored, and what they and the sender say about the source, into a record.</summary>
internal static class PageFields
{
    [ThreadStatic] private static byte[]? t_url;
    [ThreadStatic] private static CampaignFields? t_campaign;

    /// <summary>Absolute http or https, with a host.</summary>
    public static bool IsWebAddress(ReadOnlySpan<byte> url) => PageAddress.TryParse(url, out var address) && address.IsWeb;

    /// <param name="campaign">Whether the address's own campaign counts; not when the sender names one beside it.</param>
    public static void WritePage(RecordWriter record, ReadOnlySpan<byte> url, DoorSite site, bool campaign, ref EventFlags flags)
    {
        if (url.IsEmpty) return;
        if (PageAddress.TryParse(url, out var address))
        {
            // A parameter may be redacted from the address (a site may think so of utm_id), and still name the source.
            if (campaign && !(address.Query.IsEmpty && address.Fragment.IsEmpty) && Campaign.Read(address)) WriteCampaign(record, Campaign, ref flags);
            if (site.Hosts.Count > 0 && !Owns(site, address)) flags |= EventFlags.ForeignHost;
        }
        WriteClean(record, Field.PageUrl, url, site, ref flags);
    }

    public static void WriteReferrer(RecordWriter record, ReadOnlySpan<byte> url, DoorSite site, ref EventFlags flags) =>
        WriteClean(record, Field.Referrer, url, site, ref flags);

    /// <summary>A followed link: its own campaign, or its target's; and the click id that an ad network hung onto the link.</summary>
    public static void WriteLink(RecordWriter record, Link link, ReadOnlySpan<byte> target, ReadOnlySpan<byte> requested, ref EventFlags flags)
    {
        var named = link.Source is not null || link.Medium is not null || link.Campaign is not null || link.Channel is not null;
        var campaign = Campaign;
        campaign.Read(target);
        if (named)
        {
            record.Add(Field.Source, link.Source).Add(Field.Medium, link.Medium).Add(Field.Campaign, link.Campaign)
                .Add(Field.Term, link.Term).Add(Field.Content, link.Content);
        }
        else
        {
            WriteCampaign(record, campaign, ref flags);
        }
        if (!campaign.Read(requested) || campaign.ClickId.IsEmpty) return;
        // Written last, so it stands above one of the target's.
        record.Add(Field.ClickId, campaign.ClickId).Add(Field.Network, campaign.Network);
    }

    /// <summary>The campaign that an event of <c>/v1/events</c> names itself: an object, or for a message its name alone.</summary>
    public static void WriteNamedCampaign(RecordWriter record, EventDraft draft, ref EventFlags flags)
    {
        ReadOnlySpan<(EventMember Member, Field Field)> parts =
        [
            (EventMember.Source, Field.Source), (EventMember.Medium, Field.Medium), (EventMember.Campaign, Field.Campaign),
            (EventMember.CampaignName, Field.Campaign), (EventMember.Term, Field.Term), (EventMember.Content, Field.Content),
            (EventMember.CampaignId, Field.CampaignId), (EventMember.ClickId, Field.ClickId), (EventMember.Network, Field.Network),
        ];
        foreach (var (member, field) in parts)
            HitFields.Text(record, field, draft.Text(member), CampaignFields.ValueBytesMax, ref flags);
    }

    private static CampaignFields Campaign => t_campaign ??= new CampaignFields();

    private static void WriteCampaign(RecordWriter record, CampaignFields campaign, ref EventFlags flags)
    {
        if (!campaign.Any) return;
        record.Add(Field.Source, campaign.Source).Add(Field.Medium, campaign.Medium).Add(Field.Campaign, campaign.Campaign)
            .Add(Field.Term, campaign.Term).Add(Field.Content, campaign.Content).Add(Field.CampaignId, campaign.CampaignId)
            .Add(Field.ClickId, campaign.ClickId).Add(Field.Network, campaign.Network);
        if (campaign.WasCut) flags |= EventFlags.Cut;
    }

    private static void WriteClean(RecordWriter record, Field field, ReadOnlySpan<byte> url, DoorSite site, ref EventFlags flags)
    {
        if (url.IsEmpty) return;
        var target = t_url ??= new byte[UrlCleaner.UrlBytesMax];
        var cleaned = UrlCleaner.Clean(url, site.RedactedNames, target);
        record.Add(field, target.AsSpan(0, cleaned.Length));
        if (cleaned.Cut) flags |= EventFlags.Cut;
    }

    private static bool Owns(DoorSite site, PageAddress address)
    {
        // Host and optional port, as ASCII; a host in another script never equals a configured one.
        Span<char> text = stackalloc char[PageAddress.HostBytesMax + 6];
        var length = 0;
        foreach (var b in address.Host) text[length++] = (char)b;
        if (site.OwnsHost(text[..length])) return true;
        if (address.Port.IsEmpty) return false;
        text[length++] = ':';
        foreach (var b in address.Port) text[length++] = (char)b;
        return site.OwnsHost(text[..length]);
    }
}
