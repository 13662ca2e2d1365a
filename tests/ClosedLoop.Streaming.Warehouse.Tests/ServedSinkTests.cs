using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Testing;
using ClosedLoop.Streaming.Warehouse.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>Facts to rows through a server that is away, full or loses its answers: every fact is in its table once.</summary>
public sealed class ServedSinkTests(Chdb chdb)
{
    private const int FactCount = 120;

    [Fact]
    public async Task Behind_a_server_that_fails_at_random_every_fact_is_in_once()
    {
        Assert.SkipWhen(chdb.Server is null, chdb.Reason);
        await using var mine = await ChdbServer.StartAsync(chdb.Warehouse);
        var (chance, site, faults) = (new Random(20261121), "f" + Guid.NewGuid().ToString("n")[..12], 0);
        mine.Script = async context =>
        {
            if (!IsInsert(context)) return false;
            var what = chance.Next(6);
            if (what > 2) return false;
            Interlocked.Increment(ref faults);
            if (what == 0) context.Abort();
            context.Response.StatusCode = what == 1 ? 503 : 500;
            // A real server that has too many parts asks to be spared for a while.
            if (what != 0) await context.Response.WriteAsync(what == 1 ? "<html>Service unavailable</html>" : "Code: 252. DB::Exception: Too many parts. (TOO_MANY_PARTS)");
            return true;
        };
        mine.Loses = context => IsInsert(context) && chance.Next(4) == 0 && Interlocked.Increment(ref faults) > 0;

        var log = new MemoryLog();
        for (var i = 0; i < FactCount; i++)
        {
            var fact = Facts.Fact(RecordKind.TotalsCounted, site + i, Facts.Start + i % 3 * 20L * 86_400_000, "", w => w.Add(Field.Name, "page_view").Add(Field.Reason, "gpc"), site);
            await log.AppendAsync(Topic.Facts, i % log.Partitions, fact);
        }
        using var warehouse = new ServerWarehouse(new WarehouseOptions { ServerUrl = mine.Url, Synced = false });
        var options = new WarehouseOptions { BatchRowsMax = 25, BatchAgeMax = TimeSpan.FromMilliseconds(20), BatchIdleMax = TimeSpan.FromMilliseconds(2), RetryDelayMax = TimeSpan.FromMilliseconds(5) };
        using var telemetry = new WarehouseTelemetry();
        using var sink = new WarehouseSink(log, warehouse, new MemoryBook(), options, TimeProvider.System, telemetry, NullLogger.Instance);
        await sink.StartAsync(Chdb.Cancel);
        while (!sink.IsReady || sink.LagFacts > 0) await Task.Delay(10, Chdb.Cancel);
        await sink.StopAsync(Chdb.Cancel);

        var counted = new WarehouseQuery("SELECT count(), uniqExact(fact_id) FROM totals WHERE site = {site:String}")
        {
            Parameters = new Dictionary<string, string> { ["site"] = site },
        };
        Assert.Equal($"{FactCount}\t{FactCount}", await chdb.Warehouse.ValueAsync(counted, Chdb.Cancel));
        Assert.True(faults > 0, "nothing failed, so nothing was shown");
    }

    private static bool IsInsert(HttpContext context) => context.Request.Query.ContainsKey("query");
}
