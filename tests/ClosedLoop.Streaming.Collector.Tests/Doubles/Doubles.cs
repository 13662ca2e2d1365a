using System.Collections.Frozen;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class StoodClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    public long NowMs => Now.ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>The same bytes in every run.</summary>
internal sealed class SeededChance(int seed = 1) : IChance
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes)
    {
        lock (_random) _random.NextBytes(bytes);
    }
}

internal sealed class FixedSettings : ISettings
{
    private SettingsSnapshot _current = new();

    public SettingsSnapshot Current => _current;
    public event Action<SettingsSnapshot>? Changed;

    public void Set(IEnumerable<Site> sites, params Link[] links)
    {
        var all = sites.ToList();
        _current = new SettingsSnapshot
        {
            Version = _current.Version + 1,
            Sites = all.ToFrozenDictionary(s => s.Id),
            SitesByName = all.SelectMany(s => s.Aliases.Append(s.Id), (s, name) => (s, name)).ToFrozenDictionary(p => p.name, p => p.s),
            Links = links.ToFrozenDictionary(l => l.Slug),
        };
        Changed?.Invoke(_current);
    }
}
