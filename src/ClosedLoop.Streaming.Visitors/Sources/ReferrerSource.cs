namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>A referrer understood: its host, what the host is known for, and what was searched for.</summary>
internal readonly ref struct ReferrerSource
{
    private ReferrerSource(ReadOnlySpan<byte> host, KnownSource? known, SourceKind kind, ReadOnlySpan<byte> term)
    {
        Host = host;
        Known = known;
        Kind = kind;
        Term = term;
    }

    /// <summary>Lower case without www; empty when the referrer has no host.</summary>
    public ReadOnlySpan<byte> Host { get; }

    public KnownSource? Known { get; }

    public SourceKind Kind { get; }

    public ReadOnlySpan<byte> Term { get; }

    public bool HasHost => !Host.IsEmpty;

    public ReadOnlySpan<byte> Name => Known is { Kind: not SourceKind.Plain } ? Known.NameBytes : default;

    /// <summary>Value for a source column: the list's word where the kind tells more than the host does, else the host.</summary>
    public ReadOnlySpan<byte> Source =>
        Known is { Kind: SourceKind.Search or SourceKind.Social or SourceKind.Video or SourceKind.Shopping or SourceKind.Ai } ? Known.SourceBytes : Host;

    public ReadOnlySpan<byte> Medium => Kind switch
    {
        SourceKind.Search => "organic"u8,
        SourceKind.Social => "social"u8,
        _ => "referral"u8,
    };

    public ReadOnlySpan<byte> RefrMedium => Kind switch
    {
        SourceKind.Search => "search"u8,
        SourceKind.Social => "social"u8,
        SourceKind.Video => "video"u8,
        SourceKind.Shopping => "shopping"u8,
        SourceKind.Ai => "ai"u8,
        SourceKind.Email => "email"u8,
        SourceKind.Payment => "payment"u8,
        _ => "referral"u8,
    };

    public ReadOnlySpan<byte> Channel => Kind switch
    {
        SourceKind.Search => Channels.OrganicSearch,
        SourceKind.Social => Channels.OrganicSocial,
        SourceKind.Video => Channels.OrganicVideo,
        SourceKind.Shopping => Channels.OrganicShopping,
        SourceKind.Ai => Channels.AiAssistants,
        _ => Channels.Referral,
    };

    public static ReferrerSource Of(PageAddress address)
    {
        var host = Lower(address.Host);
        var known = SourceLists.OfAddress(host, address.Path);
        var kind = known?.Kind ?? Unlisted(host);
        var term = SearchTerms.Of(address, known, kind);
        return new ReferrerSource(known is null && Bytes.StartsWith(host, "www."u8) ? host[4..] : host, known, kind, term);
    }

    // Hosts on nobody's list that say what they are: search.some-portal.nz, webmail.some-provider.nz.
    private static SourceKind Unlisted(ReadOnlySpan<byte> host)
    {
        if (SearchTerms.IsSearchHost(host)) return SourceKind.Search;
        return Bytes.StartsWith(host, "webmail."u8) || Bytes.StartsWith(host, "mail."u8) ? SourceKind.Email : SourceKind.None;
    }

    // Browsers send hosts in lower case; only others cost an array.
    private static ReadOnlySpan<byte> Lower(ReadOnlySpan<byte> host)
    {
        if (host.IndexOfAnyInRange((byte)'A', (byte)'Z') < 0) return host;
        var lower = host.ToArray();
        for (var at = 0; at < lower.Length; at++) lower[at] = Bytes.Fold(lower[at]);
        return lower;
    }
}
