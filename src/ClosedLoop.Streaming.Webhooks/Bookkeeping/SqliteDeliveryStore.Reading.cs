using System.Text.Json;
using ClosedLoop.Streaming.Events;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Webhooks;

internal sealed partial class SqliteDeliveryStore
{
    public IReadOnlyList<PendingRow> Pending() => Read(
        "SELECT sequence, endpoint, message, person, type, created_ms, attempts, due_ms FROM webhook_pending ORDER BY sequence",
        row => new PendingRow(row.GetInt64(0), row.GetString(1), IdOf(row, 2), IdOf(row, 3), row.GetString(4), row.GetInt64(5),
            row.GetInt32(6), row.GetInt64(7), null));

    public long LastSequence() => Read(
        "SELECT max(coalesce((SELECT max(sequence) FROM webhook_pending), 0), coalesce((SELECT max(sequence) FROM webhook_dead), 0))",
        row => row.GetInt64(0))[0];

    public byte[]? Body(long sequence) => Read(
        "SELECT body FROM webhook_pending WHERE sequence = $1", row => row.GetFieldValue<byte[]>(0), sequence).FirstOrDefault();

    public IReadOnlyList<DeliveryRecord> History(string endpoint, int max) =>
    [
        .. Read("SELECT records FROM webhook_history WHERE endpoint = $1 ORDER BY number DESC LIMIT $2", row => row.GetFieldValue<byte[]>(0), endpoint, max)
            .SelectMany(records => JsonSerializer.Deserialize<DeliveryRecord[]>(records)!.Reverse()).Take(max),
    ];

    public IReadOnlyList<DeadRow> Dead(string endpoint, long sinceMs, IReadOnlyCollection<Id>? ids, int max)
    {
        const string Columns = "SELECT sequence, endpoint, message, person, type, created_ms, died_ms, attempts, status, reason FROM webhook_dead ";
        if (ids is null)
            return Read(Columns + "WHERE endpoint = $1 AND died_ms >= $2 ORDER BY died_ms, sequence LIMIT $3", Letter, endpoint, sinceMs, max);
        return [.. ids.Take(max)
            .SelectMany(id => Read(Columns + "WHERE endpoint = $1 AND message = $2 AND died_ms >= $3", Letter, endpoint, SqliteStatements.Blob(id), sinceMs))
            .OrderBy(letter => letter.DiedMs).ThenBy(letter => letter.Sequence)];
    }

    public int DeadCount(string endpoint) =>
        Read("SELECT count(*) FROM webhook_dead WHERE endpoint = $1", row => row.GetInt32(0), endpoint)[0];

    private static DeadRow Letter(SqliteDataReader row) => new(row.GetInt64(0), row.GetString(1), IdOf(row, 2), IdOf(row, 3), row.GetString(4),
        row.GetInt64(5), row.GetInt64(6), row.GetInt32(7), row.GetInt32(8), row.GetString(9), null);

    private static Id IdOf(SqliteDataReader row, int column) => Id.Read(row.GetFieldValue<byte[]>(column));

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params object[] values)
    {
        using var reader = file.OpenReader();
        using var command = Command(reader, sql, values);
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read()) all.Add(row(rows));
        return all;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter($"${i + 1}", values[i]));
        return command;
    }
}
