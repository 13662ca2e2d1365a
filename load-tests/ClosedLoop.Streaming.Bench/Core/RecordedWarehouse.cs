using ClosedLoop.Streaming.Warehouse;

namespace ClosedLoop.Streaming.Bench.Core;

/// <summary>Passes everything on to the engine, and keeps the blocks that go in as prebuilt Native bytes while it is asked to.</summary>
internal sealed class RecordedWarehouse(IWarehouse engine) : IWarehouse
{
    public List<NativeBlock> Blocks { get; } = [];
    public bool Records { get; set; }

    public Task StartAsync(CancellationToken cancel) => engine.StartAsync(cancel);

    public Task InsertAsync(NativeBlock block, string token, CancellationToken cancel)
    {
        if (Records) Blocks.Add(new NativeBlock(block.Table, block.Columns, block.Rows, block.ToArray()));
        return engine.InsertAsync(block, token, cancel);
    }

    public Task<WarehouseAnswer> QueryAsync(WarehouseQuery query, CancellationToken cancel) => engine.QueryAsync(query, cancel);

    public Task ExecuteAsync(string statement, CancellationToken cancel) => engine.ExecuteAsync(statement, cancel);
}
