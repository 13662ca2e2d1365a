using ClosedLoop.Streaming.Warehouse.Chdb;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>One engine for all tests of the process: the library allows one folder per process.</summary>
public sealed class Chdb : IAsyncLifetime
{
    private string? _folder;

    /// <summary>Null when the library is not here; tests then skip.</summary>
    public ChdbWarehouse? Started { get; private set; }

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
        Started = new ChdbWarehouse(Options);
        await Started.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
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
