using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Server;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>One engine for all tests of the process: the library allows one folder per process.</summary>
public sealed class Chdb : IAsyncLifetime
{
    private string? _folder;
    private ServerWarehouse? _served;

    /// <summary>Null when the library is not here; tests then skip.</summary>
    public ChdbWarehouse? Started { get; private set; }

    /// <summary>The same engine behind a ClickHouse server's interface.</summary>
    internal ChdbServer? Server { get; private set; }

    public ServerWarehouse Served
    {
        get
        {
            Assert.SkipWhen(_served is null, Reason);
            return _served!;
        }
    }

    public string Reason { get; private set; } = "";

    public WarehouseOptions Options { get; private set; } = new();

    public ChdbWarehouse Warehouse
    {
        get
        {
            Assert.SkipWhen(Started is null, Reason);
            return Started!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Missing(out var missing))
        {
            Reason = missing;
            return;
        }
        if (KillChild.IsChild)
        {
            Reason = "a child of the kill test has an engine of its own";
            return;
        }
        _folder = Directory.CreateTempSubdirectory("closedloop-warehouse-").FullName;
        Options = new WarehouseOptions { Folder = _folder, Synced = false };
        var engine = new ChdbWarehouse(Options);
        await engine.OpenAsync(CancellationToken.None);
        // The schema is brought through the server's interface, so that this is shown too; the engine then finds all of it there.
        Server = await ChdbServer.StartAsync(engine);
        _served = new ServerWarehouse(new WarehouseOptions { ServerUrl = Server.Url, Synced = false });
        await _served.StartAsync(CancellationToken.None);
        await engine.StartAsync(CancellationToken.None);
        Started = engine;
    }

    public async ValueTask DisposeAsync()
    {
        _served?.Dispose();
        if (Server is not null) await Server.DisposeAsync();
        if (Started is not null) await Started.DisposeAsync();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }

    public static bool Missing(out string reason)
    {
        var found = ChdbLocator.Find(null, out var looked);
        reason = found is null ? "libchdb.so is not here (" + string.Join(", ", looked) + "): run ./dev fetch" : "";
        return found is null;
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
