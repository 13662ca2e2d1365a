using System.Text.Json;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// The bookkeeping in the embedded file. Every write is background work in small units, so that no door and no processor waits for it;
/// every statement can be repeated, so that a batch that failed half-way is simply written again.
/// </summary>
internal sealed partial class SqliteDeliveryStore(IEmbeddedFile file, WebhooksOptions options, TimeProvider time, WebhooksTelemetry telemetry)
    : IDeliveryStore
{
    /// <summary>Changes in one commit; with <see cref="UnitBytesMax"/> small enough to ride along with what the doors commit anyway.</summary>
    private const int UnitChangesMax = 256;
    private const int UnitBytesMax = 48 * 1024;

    private readonly Dictionary<string, long> _historyNumbers = new(StringComparer.Ordinal);
    private SqliteStatements? _statements;

    private delegate void Change(SqliteStatements sql, SqliteTransaction transaction);

    public async Task OpenAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await SubmitAsync([(sql, transaction) => sql.Run(transaction, SqliteStatements.Schema)], 0).ConfigureAwait(false);
        using var reader = file.OpenReader();
        using var command = Command(reader, "SELECT endpoint, max(number) FROM webhook_history GROUP BY endpoint");
        using var rows = command.ExecuteReader();
        while (rows.Read()) _historyNumbers[rows.GetString(0)] = rows.GetInt64(1);
    }

    public async Task WriteAsync(StoreBatch batch)
    {
        var unit = new List<Change>();
        var bytes = 0;
        foreach (var (change, size) in Changes(batch))
        {
            unit.Add(change);
            bytes += size;
            if (unit.Count < UnitChangesMax && bytes < UnitBytesMax) continue;
            await SubmitAsync(unit, bytes).ConfigureAwait(false);
            (unit, bytes) = ([], 0);
        }
        if (unit.Count > 0) await SubmitAsync(unit, bytes).ConfigureAwait(false);
        foreach (var endpoint in batch.Dead.Select(row => row.Endpoint).Distinct()) await TrimAsync(endpoint).ConfigureAwait(false);
        foreach (var endpoint in batch.Forgotten) await ForgetAsync(endpoint).ConfigureAwait(false);
    }

    public Task ReviveAsync(string endpoint, IReadOnlyList<(Id Message, long Sequence)> letters) =>
        SubmitAsync([.. letters.Select(letter => (Change)((sql, transaction) =>
        {
            var message = SqliteStatements.Blob(letter.Message);
            sql.Run(transaction, """
                INSERT INTO webhook_pending SELECT $1, endpoint, message, person, type, created_ms, 0, 0, body
                FROM webhook_dead WHERE endpoint = $2 AND message = $3
                """, letter.Sequence, endpoint, message);
            sql.Run(transaction, "DELETE FROM webhook_dead WHERE endpoint = $1 AND message = $2", endpoint, message);
        }))], letters.Count * 1024);

    private IEnumerable<(Change Change, int Bytes)> Changes(StoreBatch batch)
    {
        foreach (var row in batch.Inserts) yield return (Insert(row), 200 + (row.Body?.Length ?? 0));
        foreach (var (sequence, attempts, dueMs) in batch.Updates)
        {
            yield return ((sql, transaction) => sql.Run(transaction,
                "UPDATE webhook_pending SET attempts = $2, due_ms = $3 WHERE sequence = $1", sequence, attempts, dueMs), 100);
        }
        foreach (var row in batch.Dead) yield return (Bury(row), 200 + (row.Body?.Length ?? 2048));
        foreach (var sequence in batch.Deletes)
            yield return ((sql, transaction) => sql.Run(transaction, "DELETE FROM webhook_pending WHERE sequence = $1", sequence), 100);
        foreach (var person in batch.Erased)
            yield return ((sql, transaction) => sql.Run(transaction, "DELETE FROM webhook_dead WHERE person = $1", SqliteStatements.Blob(person)), 4096);
        foreach (var row in batch.History) yield return Remember(row);
    }

    private static Change Insert(PendingRow row) => (sql, transaction) => sql.Run(transaction,
        "INSERT OR REPLACE INTO webhook_pending VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.Sequence, row.Endpoint, SqliteStatements.Blob(row.Message), SqliteStatements.Blob(row.Person), row.Type, row.CreatedMs,
        row.Attempts, row.DueMs, row.Body ?? []);

    /// <summary>The letter and the end of its waiting are one change: a crash never leaves it in both places.</summary>
    private static Change Bury(DeadRow row) => (sql, transaction) =>
    {
        if (row.Body is { } body)
        {
            sql.Run(transaction, "INSERT OR REPLACE INTO webhook_dead VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                row.Sequence, row.Endpoint, SqliteStatements.Blob(row.Message), SqliteStatements.Blob(row.Person), row.Type,
                row.CreatedMs, row.DiedMs, row.Attempts, row.Status, row.Reason, body);
        }
        else
        {
            sql.Run(transaction, """
                INSERT OR REPLACE INTO webhook_dead SELECT sequence, endpoint, message, person, type, created_ms, $2, $3, $4, $5, body
                FROM webhook_pending WHERE sequence = $1
                """, row.Sequence, row.DiedMs, row.Attempts, row.Status, row.Reason);
        }
        sql.Run(transaction, "DELETE FROM webhook_pending WHERE sequence = $1", row.Sequence);
    };

    /// <summary>
    /// One row per endpoint and write, under the number of its last attempt: a row per attempt would cost more than the attempt.
    /// </summary>
    private (Change Change, int Bytes) Remember(HistoryRow row)
    {
        var number = _historyNumbers[row.Endpoint] = _historyNumbers.GetValueOrDefault(row.Endpoint) + row.Records.Length;
        var records = JsonSerializer.SerializeToUtf8Bytes(row.Records);
        return ((sql, transaction) =>
        {
            sql.Run(transaction, "INSERT OR REPLACE INTO webhook_history VALUES ($1, $2, $3)", row.Endpoint, number, records);
            sql.Run(transaction, "DELETE FROM webhook_history WHERE endpoint = $1 AND number <= $2", row.Endpoint, number - options.HistoryMax);
        }, records.Length + 100);
    }

    private Task SubmitAsync(IReadOnlyList<Change> changes, int bytes) => file.SubmitAsync(new CommitUnit([], (connection, transaction) =>
    {
        if (_statements?.Serves(connection) != true) _statements = new SqliteStatements(connection);
        foreach (var change in changes) change(_statements, transaction);
    }, bytes + 64, Background: true));
}
