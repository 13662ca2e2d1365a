using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Settings;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// The rules that decide, as this partition has read them from the log: sites, and every version of the segments that somebody may still
/// have to be judged by. Kept on the shelf like any state, so that a restart knows what the log said.
/// </summary>
public sealed class RulesBook
{
    /// <summary>Versions of rules that wait for people to be re-judged; over it the oldest are skipped.</summary>
    public const int VersionsMax = 64;

    private readonly Dictionary<string, (SiteRules Rules, byte[] Record, long Version)> _sites = [];
    private readonly List<(RuleSet Rules, byte[] Record)> _versions = [];
    private (byte[] Site, SiteRules Rules)[] _bySite = [];
    private byte[] _clock = [];

    public RuleSet Current => _versions.Count == 0 ? RuleSet.Empty : _versions[^1].Rules;

    /// <summary>Some people may still stand as an older version judged them.</summary>
    public bool HasOlder => _versions.Count > 1;

    /// <summary>
    /// How far the clock has come while somebody stands as an older version judged, unix ms; otherwise 0. Whoever has been swept is woken by
    /// a clock record, whoever has not doesn't know yet when to wake: he is caught up to here before anything else, and both come to the same.
    /// </summary>
    public long ClockMs { get; private set; }

    /// <summary>A clock record, while there are older versions. True when it is later than what is known.</summary>
    public bool Pass(RecordReader tick)
    {
        if (!HasOlder || tick.TimeMs <= ClockMs) return false;
        (ClockMs, _clock) = (tick.TimeMs, tick.Record.ToArray());
        return true;
    }

    public SiteRules Of(ReadOnlySpan<byte> site)
    {
        // Installations have a handful of sites: comparing bytes beats any table.
        foreach (ref readonly var known in _bySite.AsSpan())
            if (site.SequenceEqual(known.Site)) return known.Rules;
        return SiteRules.Default;
    }

    /// <summary>The version that follows the given one, or null. Someone never judged starts at the current one.</summary>
    public RuleSet? After(long version)
    {
        if (Current.Version <= version) return null;
        foreach (var (rules, _) in _versions)
            if (rules.Version > version) return rules;
        return null;
    }

    /// <summary>The version that judged a person last, or the oldest still known.</summary>
    public RuleSet At(long version)
    {
        for (var i = _versions.Count - 1; i >= 0; i--)
            if (_versions[i].Rules.Version <= version) return _versions[i].Rules;
        return _versions.Count == 0 ? RuleSet.Empty : _versions[0].Rules;
    }

    /// <summary>Everybody has been judged by the current version.</summary>
    public void ForgetOlder()
    {
        if (HasOlder) _versions.RemoveRange(0, _versions.Count - 1);
        (ClockMs, _clock) = (0, []);
    }

    /// <summary>Takes a Published record. False when it is older than what is known, or no published rules at all.</summary>
    public bool Take(RecordReader record)
    {
        var published = PublishedRules.Read(record[Field.Payload]);
        if (published?.Site is { } site)
        {
            if (_sites.TryGetValue(site.Id, out var known) && known.Version >= site.Version) return false;
            var rules = PublishedRules.SiteRulesOf(site);
            _sites[site.Id] = (rules, record.Record.ToArray(), site.Version);
            _bySite = [.. _sites.Select(s => (Encoding.UTF8.GetBytes(s.Key), s.Value.Rules))];
            return true;
        }
        if (published?.Segments is not { } segments || published.Version <= Current.Version) return false;
        if (!RuleSet.TryBuild(segments.Select(PublishedRules.DefinitionOf), published.Version, record.TimeMs, out var set, out _)) return false;
        _versions.Add((set.With(published.StagesOf()), record.Record.ToArray()));
        if (_versions.Count > VersionsMax) _versions.RemoveAt(0);
        return true;
    }

    public void Write(BlobWriter to)
    {
        foreach (var (_, record, _) in _sites.Values.OrderBy(s => Convert.ToHexString(s.Record), StringComparer.Ordinal)) to.Text(record);
        foreach (var (_, record) in _versions) to.Text(record);
        if (_clock.Length > 0) to.Text(_clock);
    }

    public void Read(ReadOnlySpan<byte> blob)
    {
        _sites.Clear();
        _versions.Clear();
        _bySite = [];
        (ClockMs, _clock) = (0, []);
        var from = new BlobReader(blob);
        var reader = new RecordReader();
        while (!from.IsAtEnd)
        {
            if (!reader.TryRead(from[from.Text()].ToArray())) continue;
            if (reader.Kind == RecordKind.Tick) Pass(reader);
            else Take(reader);
        }
    }
}
