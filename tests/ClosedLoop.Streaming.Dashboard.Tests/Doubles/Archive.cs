using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Warehouse;
using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Tables;

[assembly: AssemblyFixture(typeof(ClosedLoop.Streaming.Dashboard.Tests.Archive))]

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>The real engine of the warehouse, one for all tests; each test has a site of its own in it.</summary>
public sealed class Archive : IAsyncLifetime
{
    private string? _folder;
    private ChdbWarehouse? _started;
    private int _batches;

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
        _folder = Directory.CreateTempSubdirectory("closedloop-dashboard-").FullName;
        _started = new ChdbWarehouse(new WarehouseOptions { Folder = _folder, Synced = false });
        await _started.StartAsync(CancellationToken.None);
    }

    /// <summary>Facts that the world has told since the last time.</summary>
    public async Task TakeAsync(World.World world)
    {
        var sorter = new FactSorter();
        foreach (var partition in world.Partitions)
        {
            foreach (var fact in partition.Facts) sorter.Add(fact, default);
            partition.Facts.Clear();
        }
        Assert.Equal(0, sorter.Unreadable);
        var batch = Interlocked.Increment(ref _batches);
        foreach (var (table, month, rows) in sorter.Filled)
            await Warehouse.InsertAsync(rows.Block((ulong)batch), $"dash-{batch}-{table}-{month}", CancellationToken.None);
    }

    /// <summary>Brings what was put into the log through the engine room into the tables, until the work is done.</summary>
    public async Task<T> WhileAsync<T>(Task<T> work, MemoryLog log, World.World world)
    {
        var read = new long[log.Partitions];
        while (true)
        {
            var done = work.IsCompleted;
            for (var partition = 0; partition < log.Partitions; partition++)
            {
                if (log.EndOffset(Topic.Hits, partition) <= read[partition]) continue;
                var slice = await log.ReadAsync(Topic.Hits, partition, read[partition], int.MaxValue, CancellationToken.None);
                foreach (var record in slice) world.Append(record.ToArray());
                read[partition] = slice.Next;
                world.Run();
                await TakeAsync(world);
            }
            if (done) return await work;
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is not null) await _started.DisposeAsync();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
