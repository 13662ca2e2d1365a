namespace ClosedLoop.Streaming.States;

/// <summary>Opening, compaction steps, snapshots and resets of one partition take turns; commits need none.</summary>
internal readonly struct Turn(SemaphoreSlim turns) : IDisposable
{
    public void Dispose() => turns.Release();
}

public sealed partial class EmbeddedJournal
{
    private async Task<Turn> TurnAsync(int partition, CancellationToken cancel)
    {
        var turns = _turns.GetOrAdd(partition, _ => new SemaphoreSlim(1, 1));
        await turns.WaitAsync(cancel).ConfigureAwait(false);
        return new Turn(turns);
    }
}
