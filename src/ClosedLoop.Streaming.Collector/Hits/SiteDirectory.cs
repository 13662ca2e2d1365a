using System.Collections.Frozen;
using System.Text;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Collector;

/// <summary>A site as the doors need it: everything that a hit asks for, worked out once per settings version.</summary>
internal sealed class DoorSite
{
    /// <summary>For hits of no known site: the default list of what is never stored.</summary>
    public static readonly DoorSite Unknown = new(new Site { Id = "unknown" });

    private readonly long[] _accepted;

    public DoorSite(Site site, long[]? accepted = null, SiteCodes? codes = null)
    {
        Codes = codes ?? SiteCodes.None;
        _accepted = accepted ?? new long[(int)DoorIndex.Count];
        Site = site;
        IdBytes = Encoding.UTF8.GetBytes(site.Id);
        Hosts = site.Hosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        RedactedNames = new RedactedNames(site.Redact);
        HostLookup = Hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public Site Site { get; }
    public byte[] IdBytes { get; }
    public SiteCodes Codes { get; }
    public FrozenSet<string> Hosts { get; }
    public RedactedNames RedactedNames { get; }
    private FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> HostLookup { get; }

    public void CountAccepted(DoorIndex door) => Interlocked.Increment(ref _accepted[(int)door]);

    /// <summary>Whether a parameter or field of this name is never stored.</summary>
    public bool Redacts(ReadOnlySpan<byte> name) => RedactedNames.Contains(name);

    /// <summary>Whether a host, with or without its port, is one of the site's. A site without hosts owns none.</summary>
    public bool OwnsHost(ReadOnlySpan<char> host)
    {
        if (HostLookup.Contains(host)) return true;
        var colon = host.LastIndexOf(':');
        return colon > 0 && host[^1] != ']' && HostLookup.Contains(host[..colon]);
    }
}

/// <summary>Names of sites to sites, rebuilt when the settings change; reading is one volatile read and one lookup.</summary>
internal sealed class SiteDirectory : IDisposable
{
    private sealed record Entries(FrozenDictionary<string, DoorSite> ByName, DoorSite? Only, DoorSite[] All);

    private readonly ISettings _settings;
    private readonly CollectorTelemetry _telemetry;
    private volatile Entries _entries;

    public SiteDirectory(ISettings settings, CollectorTelemetry telemetry)
    {
        _telemetry = telemetry;
        _settings = settings;
        _entries = Build(settings.Current);
        settings.Changed += Swap;
    }

    public IReadOnlyList<DoorSite> All => _entries.All;

    /// <summary>By id or alias; an empty name means the only site there is. Null: unknown.</summary>
    public DoorSite? Find(ReadOnlySpan<char> name)
    {
        var entries = _entries;
        if (name.IsEmpty) return entries.Only;
        return entries.ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var site) ? site : null;
    }

    /// <summary>The same for UTF-8.</summary>
    public DoorSite? Find(ReadOnlySpan<byte> name)
    {
        // Ids and aliases are ASCII of at most 64 characters; anything longer is unknown.
        if (name.Length > 64) return null;
        Span<char> text = stackalloc char[64];
        for (var i = 0; i < name.Length; i++) text[i] = (char)name[i];
        return Find(text[..name.Length]);
    }

    public static bool IsSiteId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')) return false;
        return true;
    }

    public void Dispose() => _settings.Changed -= Swap;

    private void Swap(SettingsSnapshot snapshot) => _entries = Build(snapshot);

    private Entries Build(SettingsSnapshot snapshot)
    {
        var links = snapshot.Links.Values.Where(l => l.Code is not null).ToLookup(l => l.Site, StringComparer.Ordinal);
        var sites = snapshot.Sites.Values.ToDictionary(s => s.Id, s => new DoorSite(s, _telemetry.Cells(s.Id), SiteCodes.Of(links[s.Id])));
        var names = new Dictionary<string, DoorSite>(StringComparer.Ordinal);
        foreach (var (name, site) in snapshot.SitesByName)
            if (sites.TryGetValue(site.Id, out var known)) names[name] = known;
        foreach (var (id, site) in sites) names[id] = site;
        return new Entries(names.ToFrozenDictionary(StringComparer.Ordinal), sites.Count == 1 ? sites.Values.First() : null, [.. sites.Values]);
    }
}
