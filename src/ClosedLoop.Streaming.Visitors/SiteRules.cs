using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// What the pure core has to know of a site: one published version, immutable. Made once per published setting and kept,
/// because the hosts and rules are compiled when they are set.
/// </summary>
public sealed record SiteRules
{
    /// <summary>Rules of a site that nobody set: no hosts, no rules of its own.</summary>
    public static SiteRules Default { get; } = new();

    private readonly TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private readonly string _timeZone = "UTC";

    /// <summary>The site's own hosts; see <see cref="HostSet"/> for their forms. Empty: only the page's own host is internal.</summary>
    public HostSet Hosts { get; init; } = HostSet.Empty;

    /// <summary>Tried in order before the default grouping.</summary>
    public IReadOnlyList<ChannelRule> ChannelRules { get; init; } = [];

    /// <summary>Days before a conversion within which a touch may get credit; the first touch has none.</summary>
    public int LookbackDays { get; init; } = 90;

    /// <summary>IANA name. A name that this machine doesn't know counts as UTC, since history must not stop for it.</summary>
    public string TimeZone
    {
        get => _timeZone;
        init
        {
            _timeZone = value;
            _zone = TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) ? zone : TimeZoneInfo.Utc;
        }
    }

    /// <summary>The zone that <see cref="TimeZone"/> names.</summary>
    public TimeZoneInfo Zone => _zone;

    /// <summary>ISO 4217, upper case.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>Whether money that came without a key enters segments, credit and reports.</summary>
    public bool TrustPublicMoney { get; init; }
}
