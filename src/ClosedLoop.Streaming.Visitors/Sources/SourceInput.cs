using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>What a hit says about where it came from. All UTF-8, empty when absent; slices of the caller's bytes.</summary>
public readonly ref struct SourceInput
{
    public ReadOnlySpan<byte> Source { get; init; }
    public ReadOnlySpan<byte> Medium { get; init; }
    public ReadOnlySpan<byte> Campaign { get; init; }
    public ReadOnlySpan<byte> CampaignId { get; init; }
    public ReadOnlySpan<byte> Term { get; init; }
    public ReadOnlySpan<byte> Content { get; init; }
    public ReadOnlySpan<byte> ClickId { get; init; }
    /// <summary>Name of the click id's network: <see cref="ClickNetwork.Name"/>.</summary>
    public ReadOnlySpan<byte> Network { get; init; }
    /// <summary>Channel that a stored link or an offline code carries.</summary>
    public ReadOnlySpan<byte> LinkChannel { get; init; }
    /// <summary>The whole referrer address.</summary>
    public ReadOnlySpan<byte> Referrer { get; init; }
    /// <summary>The whole address of the page, or only its host.</summary>
    public ReadOnlySpan<byte> Page { get; init; }

    /// <summary>Whether the hit names a campaign: any campaign parameter, click id or link channel.</summary>
    public bool NamesCampaign =>
        !Source.IsEmpty || !Medium.IsEmpty || !Campaign.IsEmpty || !ClickId.IsEmpty || !LinkChannel.IsEmpty
        || !Term.IsEmpty || !Content.IsEmpty || !CampaignId.IsEmpty;

    /// <summary>Slices of an event record; they live as long as its bytes.</summary>
    public static SourceInput Of(RecordReader record) => new()
    {
        Source = record[Field.Source], Medium = record[Field.Medium], Campaign = record[Field.Campaign], CampaignId = record[Field.CampaignId],
        Term = record[Field.Term], Content = record[Field.Content], ClickId = record[Field.ClickId], Network = record[Field.Network],
        LinkChannel = record[Field.LinkChannel], Referrer = record[Field.Referrer], Page = record[Field.PageUrl],
    };
}
