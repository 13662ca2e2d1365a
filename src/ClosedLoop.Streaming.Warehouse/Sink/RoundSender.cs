using System.Globalization;
using System.Security.Cryptography;
using ClosedLoop.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Warehouse.Sink;

/// <summary>
/// Sends the batches of a round, each until it is in. A first attempt relies on nothing but its token. After a failure or a restart the
/// warehouse is asked for the batch first: an engine that was killed between noting the token and showing the part would otherwise
/// drop the batch that is sent again.
/// </summary>
internal sealed class RoundSender(
    ILog log, IWarehouse warehouse, WarehouseOptions options, TimeProvider clock, WarehouseTelemetry telemetry, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    private readonly RefusedBatch _refused = new(log, warehouse, options, logger);

    /// <param name="again">True when this round may have been sent before.</param>
    public async Task SendAsync(Round round, RoundRecord record, bool again, CancellationToken cancel)
    {
        foreach (var (table, month, rows) in round.Sorter.Filled)
        {
            var token = record.Token(table, month);
            var block = rows.Block(RoundRecord.BatchOf(token));
            await SendAsync(record, block, rows.Replaced, month, token, again, cancel).ConfigureAwait(false);
            telemetry.Inserted(table, block.Rows);
        }
    }

    private async Task SendAsync(RoundRecord round, NativeBlock block, bool replaced, int month, string token, bool again, CancellationToken cancel)
    {
        // Always the same token, for an attempt that seemed to fail may still come through; a new one only after the engine confirmed the
        // batch and does not have it. A token that was drawn here and sent once can't have been known: its confirmation is proof.
        var (sent, sends, blamed) = (token, again ? 1 : 0, 0);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (again && await ArrivedAsync(block.Table, token, cancel).ConfigureAwait(false)) return;
                if (blamed >= RefusedBatch.AttemptsMax)
                {
                    await _refused.SendPartsAsync(round, block.Table, month, token, ArrivedAsync, cancel).ConfigureAwait(false);
                    return;
                }
                sends++;
                var started = clock.GetTimestamp();
                using (telemetry.Inserting(block.Table, block.Rows)) await warehouse.InsertAsync(block, sent, cancel).ConfigureAwait(false);
                telemetry.InsertTook(block.Table, clock.GetElapsedTime(started));
                if (!again || await ArrivedAsync(block.Table, token, cancel).ConfigureAwait(false)) return;
                // Where versions replace each other, a batch of nothing but old ones may be merged away before we look.
                if (replaced && sends == 1) return;
                WarehouseMessages.BatchDropped(logger, block.Table, month, block.Rows);
                (sent, sends) = (token + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), 0);
            }
            catch (Exception e) when (e is WarehouseException or WarehouseAwayException)
            {
                again = true;
                if (e is WarehouseException refused && RefusedBatch.Blames(refused)) blamed++;
                telemetry.InsertFailed(block.Table);
                WarehouseMessages.InsertFailed(logger, block.Table, month, block.Rows, attempt, e.Message);
                await Task.Delay(DelayOf(attempt), clock, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A batch is one part: any row of it says that all of them are there.</summary>
    private async Task<bool> ArrivedAsync(string table, string token, CancellationToken cancel)
    {
        var query = new WarehouseQuery($"SELECT count() FROM (SELECT 1 FROM closedloop.{table} WHERE batch = {{batch:UInt64}} LIMIT 1)")
        {
            Parameters = new Dictionary<string, string> { ["batch"] = RoundRecord.BatchOf(token).ToString(CultureInfo.InvariantCulture) },
        };
        return await warehouse.ValueAsync(query, cancel).ConfigureAwait(false) == "1";
    }

    private TimeSpan DelayOf(int attempt)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(attempt - 1, 16));
        return delay < options.RetryDelayMax ? delay : options.RetryDelayMax;
    }
}
