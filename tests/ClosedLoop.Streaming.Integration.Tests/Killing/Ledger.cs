using System.Collections.Concurrent;

namespace ClosedLoop.Streaming.Integration.Tests.Killing;

/// <summary>What the program has said yes to, kept outside of it, and what it said nothing to when it died.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Hit> _unanswered = new();
    private int _unavailable;

    public IReadOnlyCollection<string> Acknowledged => (IReadOnlyCollection<string>)_acknowledged.Keys;

    public int Unanswered => _unanswered.Count;

    /// <summary>Answers 503: allowed, since they promise nothing.</summary>
    public int Unavailable => _unavailable;

    public void Acknowledge(Hit hit)
    {
        foreach (var id in hit.EventIds) _acknowledged[id] = 0;
    }

    /// <summary>Sent again later with the same ids: whatever the program had kept of it must not count twice.</summary>
    public void Leave(Hit hit) => _unanswered.Enqueue(hit);

    public void LeaveUnavailable(Hit hit)
    {
        Interlocked.Increment(ref _unavailable);
        Leave(hit);
    }

    public bool TryTake(out Hit hit) => _unanswered.TryDequeue(out hit!);
}
