using ClosedLoop.Streaming.Warehouse.Chdb;

namespace ClosedLoop.Streaming.Warehouse.Tests;

public sealed class GateTests(Chdb chdb)
{
    [Fact]
    public async Task So_many_run_so_many_wait_and_the_rest_is_refused_by_name()
    {
        using var gate = new QueryGate(runningMax: 1, waitingMax: 1, TimeSpan.FromMinutes(1));
        await gate.EnterAsync(Chdb.Cancel);
        var waiting = gate.EnterAsync(Chdb.Cancel);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(202, (await Assert.ThrowsAsync<WarehouseException>(() => gate.EnterAsync(Chdb.Cancel))).Code);
        gate.Leave();
        await waiting;
        gate.Leave();
        await gate.EnterAsync(Chdb.Cancel);
    }

    [Fact]
    public async Task One_that_gives_up_waiting_leaves_its_place_to_others()
    {
        using var gate = new QueryGate(1, 1, TimeSpan.FromMinutes(1));
        await gate.EnterAsync(Chdb.Cancel);
        using var patience = new CancellationTokenSource();
        var leaving = gate.EnterAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        var next = gate.EnterAsync(Chdb.Cancel);
        gate.Leave();
        await next;
    }

    [Fact]
    public async Task Who_waits_too_long_is_refused()
    {
        using var gate = new QueryGate(1, 5, TimeSpan.FromMilliseconds(1));
        await gate.EnterAsync(Chdb.Cancel);
        Assert.Equal("TOO_MANY_SIMULTANEOUS_QUERIES", (await Assert.ThrowsAsync<WarehouseException>(() => gate.EnterAsync(Chdb.Cancel))).Name);
    }

    [Fact]
    public async Task A_query_whose_receiver_left_is_ended_long_before_its_time_limit()
    {
        var running = new WarehouseQuery("SELECT count() FROM system.processes WHERE query LIKE '%left' || 'Alone%'");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Chdb.Cancel);
        var hour = QueryLimits.Default with { ExecutionTimeMax = TimeSpan.FromHours(1), RowsToReadMax = long.MaxValue };
        var asking = chdb.Warehouse.QueryAsync(new WarehouseQuery("SELECT sum(sipHash64(number)) AS leftAlone FROM numbers(1000000000000)") { Limits = hour }, patience.Token);
        while (await chdb.Warehouse.ValueAsync(running, Chdb.Cancel) == "0") await Task.Delay(5, Chdb.Cancel);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        // Without the kill this would go on for an hour.
        while (await chdb.Warehouse.ValueAsync(running, Chdb.Cancel) != "0") await Task.Delay(5, Chdb.Cancel);
    }
}
