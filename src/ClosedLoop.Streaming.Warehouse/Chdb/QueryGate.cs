namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>Places for reads: so many at once, so many waiting, the rest refused. Inserts never pass through here, so reads can't starve them.</summary>
internal sealed class QueryGate(int runningMax, int waitingMax, TimeSpan waitMax) : IDisposable
{
    private readonly SemaphoreSlim _places = new(runningMax, runningMax);
    private int _waiting;

    public async Task EnterAsync(CancellationToken cancel)
    {
        if (_places.Wait(0, CancellationToken.None)) return;
        if (Interlocked.Increment(ref _waiting) > waitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            throw Refused("and no place to wait");
        }
        try
        {
            if (!await _places.WaitAsync(waitMax, cancel).ConfigureAwait(false)) throw Refused($"for {waitMax.TotalSeconds:0} s");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _places.Release();

    public void Dispose() => _places.Dispose();

    private WarehouseException Refused(string how) => new(202,
        $"Code: 202. DB::Exception: Too many simultaneous queries: {runningMax} are running {how}. (TOO_MANY_SIMULTANEOUS_QUERIES)");
}
