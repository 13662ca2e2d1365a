using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Tests;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>A ClickHouse server for programs under test: this process's own engine behind the server's interface. One per process.</summary>
public sealed class ServedEngine : IAsyncLifetime
{
    private readonly SemaphoreSlim _once = new(1);
    private string? _folder;
    private ChdbWarehouse? _engine;
    private ChdbServer? _server;

    internal async Task<ChdbServer> GetAsync()
    {
        Parts.NeedEngine();
        await _once.WaitAsync();
        try
        {
            if (_server is not null) return _server;
            _folder = Directory.CreateTempSubdirectory("closedloop-served-").FullName;
            _engine = new ChdbWarehouse(new WarehouseOptions { Folder = _folder, LibraryPath = Path.Combine(Parts.Artifacts!, "chdb", "libchdb.so"), Synced = false });
            await _engine.OpenAsync(CancellationToken.None);
            return _server = await ChdbServer.StartAsync(_engine);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Throws away what earlier tests put into it; whoever starts next brings the schema again.</summary>
    internal async Task EmptyAsync()
    {
        await GetAsync();
        await _engine!.InSessionAsync(session => session.Query("DROP DATABASE IF EXISTS closedloop SYNC"));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
        _once.Dispose();
    }
}
