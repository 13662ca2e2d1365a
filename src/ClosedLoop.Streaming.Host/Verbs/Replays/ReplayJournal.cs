using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Host.Verbs.Replays;

/// <summary>
/// The journal of a replay. Messages to actors are left out: they were appended in the same transaction as what sent them, so the log has
/// them already. Facts are left out too when the warehouse keeps its rows.
/// </summary>
internal sealed class ReplayJournal(IJournal inner, bool withFacts) : IJournal
{
    public Task<JournalOpening> OpenAsync(int partition, Shelf shelf, CancellationToken cancel) => inner.OpenAsync(partition, shelf, cancel);

    public Task CommitAsync(JournalEntry entry) => inner.CommitAsync(withFacts
        ? entry with { Messages = [] }
        : entry with { Messages = [], Facts = default, FactCount = 0 });
}
