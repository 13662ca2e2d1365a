using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Tells every partition the rules that decide, as records of its own log. Publishing twice is publishing once: an owner ignores versions
/// that it knows. So at start all current ones are published again, which mends a crash between setting and publishing.
/// </summary>
public sealed class RulesPublisher(ILog log, ISettings settings, TimeProvider time)
{
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private readonly Dictionary<string, long> _sites = [];
    private long _segments;

    /// <summary>Durable in every partition when the task completes.</summary>
    /// <exception cref="LogUnavailableException">Some partition could not be told; call again.</exception>
    public async Task PublishAsync(CancellationToken cancel)
    {
        await _publishing.WaitAsync(cancel);
        try
        {
            var snapshot = settings.Current;
            foreach (var site in snapshot.Sites.Values)
            {
                if (_sites.GetValueOrDefault(site.Id) >= site.Version) continue;
                await AppendAsync(new PublishedRules { Version = site.Version, Site = site with { WriteKeySealed = "", ReportKeySealed = "", WriteKeySha256 = "", ReportKeySha256 = "" } });
                _sites[site.Id] = site.Version;
            }
            if (snapshot.SegmentsVersion <= _segments) return;
            await AppendAsync(new PublishedRules
            {
                Version = snapshot.SegmentsVersion,
                Segments = [.. snapshot.Segments.Values.OrderBy(s => s.Name, StringComparer.Ordinal)],
                Stages = new SortedDictionary<string, StageRuleSetting>(
                    snapshot.Sites.Values.Where(s => s.StageRules is not null).ToDictionary(s => s.Id, s => s.StageRules!), StringComparer.Ordinal),
            });
            _segments = snapshot.SegmentsVersion;
        }
        finally { _publishing.Release(); }
    }

    private async Task AppendAsync(PublishedRules rules)
    {
        var record = PublishedRules.Record(rules, time.GetUtcNow().ToUnixTimeMilliseconds());
        await Task.WhenAll(Enumerable.Range(0, log.Partitions).Select(p => log.AppendAsync(Topic.Hits, p, record)));
    }
}
