using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Testing;
using ClosedLoop.Streaming.Warehouse.Sink;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>The sink's book in Redis: found again from anywhere, and no reason to stop when it is away for a moment.</summary>
public sealed class RedisBookTests
{
    [Fact]
    public async Task A_round_that_was_written_down_is_found_by_the_next()
    {
        await using var redis = await TestRedis.StartAsync();
        var options = redis.Options();
        using var link = await RedisLink.OpenAsync(options);
        var (epoch, last) = await new RedisRoundBook(link).OpenAsync(CancellationToken.None);
        Assert.Null(last);
        var round = new RoundRecord(epoch, 7, [new PartitionRange(0, 12), new PartitionRange(5, 5)], 0xFEDC_BA98_7654_3210);
        await new RedisRoundBook(link).WriteAsync(round);
        using var elsewhere = await RedisLink.OpenAsync(options);
        var (again, found) = await new RedisRoundBook(elsewhere).OpenAsync(CancellationToken.None);
        Assert.Equal((epoch, 7L, round.Key, round.Content), (again, found!.Number, found.Key, found.Content));
    }

    [Fact]
    public async Task A_sink_whose_book_is_away_for_a_moment_goes_on()
    {
        var log = new MemoryLog();
        var warehouse = new ScriptedWarehouse();
        var options = new WarehouseOptions { BatchAgeMax = TimeSpan.FromMilliseconds(20), BatchIdleMax = TimeSpan.FromMilliseconds(2), RetryDelayMax = TimeSpan.FromMilliseconds(1) };
        for (var i = 0; i < 40; i++) await log.AppendAsync(Topic.Facts, i % 4, Facts.Session("s" + i, Facts.Start, "v" + i, 1, 2));
        using var telemetry = new WarehouseTelemetry();
        using var sink = new WarehouseSink(log, warehouse, new FlakyBook(), options, TimeProvider.System, telemetry, NullLogger.Instance);
        await sink.StartAsync(CancellationToken.None);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (sink.LagFacts > 0)
        {
            over.Token.ThrowIfCancellationRequested();
            await Task.Delay(5);
        }
        await sink.StopAsync(CancellationToken.None);
        Assert.Equal(40, warehouse.Rows("sessions"));
    }

    /// <summary>Every fourth call fails, as with Redis away.</summary>
    private sealed class FlakyBook : IRoundBook
    {
        private RoundRecord? _last;
        private int _calls;

        public Task<(long Epoch, RoundRecord? Last)> OpenAsync(CancellationToken cancel)
        {
            Fail();
            return Task.FromResult((1L, _last));
        }

        public Task WriteAsync(RoundRecord round)
        {
            Fail();
            _last = round;
            return Task.CompletedTask;
        }

        private void Fail()
        {
            if (_calls++ % 4 == 0) throw new LogUnavailableException("states_away", "The test took the book away.");
        }
    }
}
