using ClosedLoop.Streaming.Events;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>The SQL of the bookkeeping: one short statement per change, prepared once for the committer's connection.</summary>
internal sealed class SqliteStatements(SqliteConnection connection)
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS webhook_pending (
            sequence INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, message BLOB NOT NULL, person BLOB NOT NULL, type TEXT NOT NULL,
            created_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS webhook_pending_endpoint ON webhook_pending (endpoint);
        CREATE TABLE IF NOT EXISTS webhook_dead (
            sequence INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, message BLOB NOT NULL, person BLOB NOT NULL, type TEXT NOT NULL,
            created_ms INTEGER NOT NULL, died_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, status INTEGER NOT NULL,
            reason TEXT NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS webhook_dead_message ON webhook_dead (endpoint, message);
        CREATE INDEX IF NOT EXISTS webhook_dead_age ON webhook_dead (endpoint, died_ms, sequence);
        CREATE INDEX IF NOT EXISTS webhook_dead_person ON webhook_dead (person);
        CREATE TABLE IF NOT EXISTS webhook_history (
            endpoint TEXT NOT NULL, number INTEGER NOT NULL, records BLOB NOT NULL, PRIMARY KEY (endpoint, number)) WITHOUT ROWID;
        """;

    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public bool Serves(SqliteConnection other) => ReferenceEquals(connection, other);

    /// <summary>Runs one statement; <c>$1</c>, <c>$2</c> … are the values in their order.</summary>
    /// <returns>Rows changed.</returns>
    public int Run(SqliteTransaction transaction, string sql, params ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command)) _prepared[sql] = command = Prepare(sql, values.Length);
        command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command.ExecuteNonQuery();
    }

    public static byte[] Blob(Id id)
    {
        var bytes = new byte[Id.Bytes];
        id.Write(bytes);
        return bytes;
    }

    private SqliteCommand Prepare(string sql, int values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= values; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }
}
