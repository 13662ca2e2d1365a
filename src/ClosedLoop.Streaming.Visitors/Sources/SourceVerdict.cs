namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// Where a hit came from. Text is UTF-8: slices of the input or of our lists, so it lives as long as the input.
/// Direct, internal and payment hits have source <c>(direct)</c> and medium <c>(none)</c>.
/// </summary>
public ref struct SourceVerdict
{
    /// <summary>Never empty.</summary>
    public ReadOnlySpan<byte> Channel { get; internal set; }
    public ReadOnlySpan<byte> Source { get; internal set; }
    public ReadOnlySpan<byte> Medium { get; internal set; }
    public ReadOnlySpan<byte> Campaign { get; internal set; }
    public ReadOnlySpan<byte> CampaignId { get; internal set; }
    public ReadOnlySpan<byte> Term { get; internal set; }
    public ReadOnlySpan<byte> Content { get; internal set; }
    public ReadOnlySpan<byte> ClickId { get; internal set; }
    public ReadOnlySpan<byte> Network { get; internal set; }

    /// <summary>search, social, video, shopping, ai, email, payment, internal, referral (a host on no list), unknown (no address with a host); empty without referrer.</summary>
    public ReadOnlySpan<byte> RefrMedium { get; internal set; }

    /// <summary>Name of a listed referrer: Google. Empty otherwise.</summary>
    public ReadOnlySpan<byte> RefrSource { get; internal set; }

    /// <summary>What was searched for, where the referrer still says it; decoded, at most <see cref="SearchTerms.TermBytesMax"/> bytes.</summary>
    public ReadOnlySpan<byte> RefrTerm { get; internal set; }

    /// <summary>The referrer is the site itself: no touch, no split; a campaign on such a hit has been dropped.</summary>
    public bool IsInternal { get; internal set; }

    /// <summary>Back from a payment provider: no referral, and starts no session.</summary>
    public bool IsPayment { get; internal set; }

    /// <summary>Campaign parameters, a click id or a stored link brought this hit: a new one splits a session.</summary>
    public bool HasCampaign { get; internal set; }

    /// <summary>Nothing is known about the source; never takes the credit of a known one in last-non-direct.</summary>
    public bool IsDirect { get; internal set; }

    /// <summary>Equal for hits of the same campaign and click id, so that a reload is told from a new campaign; 0 without campaign.</summary>
    public ulong CampaignHash { get; internal set; }
}
