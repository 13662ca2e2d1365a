namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>One system for all tests that can live beside each other; started by the first that needs it.</summary>
public sealed class SharedProgram : IAsyncLifetime
{
    private readonly SemaphoreSlim _once = new(1);
    private RunningProgram? _program;

    internal async Task<RunningProgram> GetAsync()
    {
        await _once.WaitAsync();
        try { return _program ??= await RunningProgram.StartAsync(); }
        finally { _once.Release(); }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _once.Dispose();
    }
}
