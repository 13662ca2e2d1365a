using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Tables;

[assembly: AssemblyFixture(typeof(ClosedLoop.Streaming.Reports.Tests.ChdbFixture))]

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>One engine for all tests of the process; each test has a site of its own in it.</summary>
public sealed class ChdbFixture : IAsyncLifetime
{
    private string? _folder;
    private ChdbWarehouse? _started;
    private ulong _batches;

    public ChdbWarehouse Warehouse
    {
        get
        {
            Assert.SkipWhen(_started is null, $"{ChdbLocator.FileName} is not here: run ./dev fetch");
            return _started!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (ChdbLocator.Find(null, out _) is null) return;
        _folder = Directory.CreateTempSubdirectory("closedloop-reports-").FullName;
        _started = new ChdbWarehouse(new WarehouseOptions { Folder = _folder, Synced = false });
        await _started.StartAsync(CancellationToken.None);
    }

    /// <summary>Puts facts into their tables the way the sink does: blocks of one month, in several batches.</summary>
    public async Task InsertAsync(IEnumerable<byte[]> facts, int batchRows = 20_000)
    {
        var sorter = new FactSorter();
        var offset = 0;
        foreach (var chunk in facts.Chunk(batchRows))
        {
            foreach (var fact in chunk) sorter.Add(fact, new FactPlace(0, offset++));
            Assert.Equal(0, sorter.Unreadable);
            var batch = Interlocked.Increment(ref _batches);
            foreach (var (table, month, rows) in sorter.Filled)
                await Warehouse.InsertAsync(rows.Block(batch), $"test-{batch}-{table}-{month}", CancellationToken.None);
            sorter.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is not null) await _started.DisposeAsync();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
