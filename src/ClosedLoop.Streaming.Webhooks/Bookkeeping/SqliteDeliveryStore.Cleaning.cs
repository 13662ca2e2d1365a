namespace ClosedLoop.Streaming.Webhooks;

internal sealed partial class SqliteDeliveryStore
{
    /// <summary>Rows that one statement deletes when an endpoint or old dead letters go.</summary>
    private const int DeletedAtOnceMax = 500;

    private async Task TrimAsync(string endpoint)
    {
        var excess = DeadCount(endpoint) - options.DeadPerEndpointMax;
        var oldestMs = time.GetUtcNow().ToUnixTimeMilliseconds() - (long)options.DeadAgeMax.TotalMilliseconds;
        var gone = await DeleteAsync("""
            DELETE FROM webhook_dead WHERE sequence IN
                (SELECT sequence FROM webhook_dead WHERE endpoint = $1 AND died_ms < $2 ORDER BY died_ms LIMIT $3)
            """, endpoint, oldestMs, DeletedAtOnceMax).ConfigureAwait(false);
        for (excess -= gone; excess > 0; excess -= DeletedAtOnceMax)
        {
            gone += await DeleteAsync("""
                DELETE FROM webhook_dead WHERE sequence IN
                    (SELECT sequence FROM webhook_dead WHERE endpoint = $1 AND died_ms >= $2 ORDER BY died_ms, sequence LIMIT $3)
                """, endpoint, 0L, Math.Min(excess, DeletedAtOnceMax)).ConfigureAwait(false);
        }
        if (gone > 0) telemetry.Expired(gone);
    }

    private async Task ForgetAsync(string endpoint)
    {
        foreach (var (table, key) in new[] { ("webhook_pending", "sequence"), ("webhook_dead", "sequence"), ("webhook_history", "number") })
        {
            var sql = $"DELETE FROM {table} WHERE endpoint = $1 AND {key} IN (SELECT {key} FROM {table} WHERE endpoint = $1 LIMIT $2)";
            while (await DeleteAsync(sql, endpoint, DeletedAtOnceMax).ConfigureAwait(false) == DeletedAtOnceMax) { }
        }
        _historyNumbers.Remove(endpoint);
    }

    private async Task<int> DeleteAsync(string sql, params object?[] values)
    {
        var deleted = 0;
        await SubmitAsync([(statements, transaction) => deleted = statements.Run(transaction, sql, values)], 16 * 1024).ConfigureAwait(false);
        return deleted;
    }
}
