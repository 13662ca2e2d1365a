namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>
/// A site's own channel rule: every part that is given must match the resolved value; a glob with *, without case. A referrer pattern with
/// <c>://</c> is held against the whole referrer, any other against its host. A rule without parts matches nothing.
/// </summary>
public sealed class ChannelRule
{
    private readonly Glob? _source, _medium, _campaign, _referrer;
    private readonly bool _wholeReferrer;

    public ChannelRule(string channel, string? source = null, string? medium = null, string? campaign = null, string? referrer = null)
    {
        ChannelBytes = System.Text.Encoding.UTF8.GetBytes(channel);
        (_source, _medium, _campaign, _referrer) = (Of(source), Of(medium), Of(campaign), Of(referrer));
        _wholeReferrer = referrer?.Contains("://", StringComparison.Ordinal) == true;
    }

    internal byte[] ChannelBytes { get; }

    public ReadOnlySpan<byte> Channel => ChannelBytes;

    internal bool Matches(ReadOnlySpan<byte> source, ReadOnlySpan<byte> medium, ReadOnlySpan<byte> campaign, ReadOnlySpan<byte> host, ReadOnlySpan<byte> referrer)
    {
        if (_source is null && _medium is null && _campaign is null && _referrer is null) return false;
        return (_source?.Matches(source) ?? true) && (_medium?.Matches(medium) ?? true) && (_campaign?.Matches(campaign) ?? true)
            && (_referrer?.Matches(_wholeReferrer ? referrer : host) ?? true);
    }

    private static Glob? Of(string? pattern) => string.IsNullOrEmpty(pattern) ? null : new Glob(pattern);
}
