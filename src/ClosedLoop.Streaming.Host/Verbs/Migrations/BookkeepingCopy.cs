using ClosedLoop.Streaming.Log;
using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.Host.Verbs.Migrations;

/// <summary>Webhooks that wait, were given up or were sent: the messenger's own tables, whole. Copied again they are replaced.</summary>
internal sealed class BookkeepingCopy(IEmbeddedFile from, IEmbeddedFile to)
{
    private const int UnitRowsMax = 500;
    private const int RowBytes = 2048;

    /// <summary>Rows per table.</summary>
    public async Task<Dictionary<string, int>> CopyAsync()
    {
        var counts = new Dictionary<string, int>();
        using var reader = from.OpenReader();
        var made = Rows(reader, "SELECT type, name, sql FROM sqlite_master WHERE tbl_name LIKE 'webhook\\_%' ESCAPE '\\' AND sql IS NOT NULL ORDER BY type DESC");
        foreach (var table in made.Where(row => (string)row[0]! == "table").Select(row => (string)row[1]!))
        {
            var there = made.Where(row => (string)row[0]! == "table" && (string)row[1]! == table).Select(row => (string)row[2]!).Single();
            await RunAsync(connection => Do(connection, $"DROP TABLE IF EXISTS \"{table}\"", there));
            var rows = Rows(reader, $"SELECT * FROM \"{table}\"");
            foreach (var unit in rows.Chunk(UnitRowsMax)) await to.SubmitAsync(new CommitUnit([], (connection, transaction) => Insert(connection, transaction, table, unit), unit.Length * RowBytes, Background: true));
            counts[table] = rows.Count;
        }
        foreach (var index in made.Where(row => (string)row[0]! == "index")) await RunAsync(connection => Do(connection, $"DROP INDEX IF EXISTS \"{index[1]}\"", (string)index[2]!));
        return counts;
    }

    private Task RunAsync(Action<SqliteConnection> act) => to.SubmitAsync(new CommitUnit([], (connection, _) => act(connection), RowBytes, Background: false));

    private static void Do(SqliteConnection connection, params string[] statements)
    {
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, string table, object?[][] rows)
    {
        foreach (var row in rows)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"INSERT INTO \"{table}\" VALUES ({string.Join(", ", row.Select((_, i) => $"${i}"))})";
            for (var i = 0; i < row.Length; i++) command.Parameters.AddWithValue($"${i}", row[i] ?? DBNull.Value);
            command.ExecuteNonQuery();
        }
    }

    private static List<object?[]> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (row.Read())
        {
            var values = new object[row.FieldCount];
            row.GetValues(values);
            rows.Add([.. values.Select(value => value is DBNull ? null : value)]);
        }
        return rows;
    }
}
