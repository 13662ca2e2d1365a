using Microsoft.Data.Sqlite;

namespace ClosedLoop.Streaming.States;

/// <summary>The tables of this room in the embedded file, written inside the committer's transactions; its thread only.</summary>
internal sealed class StateTables
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS states_chunks(key INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS states_positions(key INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, commits INTEGER NOT NULL,
            absorbed INTEGER NOT NULL, generation INTEGER NOT NULL, rows INTEGER NOT NULL, sequences INTEGER NOT NULL,
            hashes INTEGER NOT NULL, counters BLOB NOT NULL, checksum INTEGER NOT NULL);
        """;
    internal const string SelectPosition =
        "SELECT epoch, commits, absorbed, generation, rows, sequences, hashes, counters, checksum FROM states_positions WHERE key = $key";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _select, _replace, _insert, _delete;

    private StateTables(SqliteConnection connection)
    {
        _connection = connection;
        _select = Command(SelectPosition, "$key");
        _replace = Command("INSERT OR REPLACE INTO states_positions VALUES($key, $epoch, $commits, $absorbed, $generation, $rows, $sequences, $hashes, $counters, $checksum)",
            "$key", "$epoch", "$commits", "$absorbed", "$generation", "$rows", "$sequences", "$hashes", "$counters", "$checksum");
        _insert = Command("INSERT INTO states_chunks(key, bytes) VALUES($key, $bytes)", "$key", "$bytes");
        _delete = Command("DELETE FROM states_chunks WHERE key = $key", "$key");
    }

    public static void Ensure(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Schema;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    /// <summary>The tables for this connection: the statements stay prepared as long as the committer keeps its connection.</summary>
    public static StateTables For(SqliteConnection connection, SqliteTransaction transaction, ref StateTables? known)
    {
        if (known?._connection != connection) known = new StateTables(connection);
        foreach (var command in (ReadOnlySpan<SqliteCommand>)[known._select, known._replace, known._insert, known._delete]) command.Transaction = transaction;
        return known;
    }

    /// <summary>The position, a new one when there is none. Throws <see cref="StatesPositionCorruptException"/>.</summary>
    public PositionRow Position(int partition, CopyKind kind)
    {
        _select.Parameters[0].Value = PositionRow.KeyOf(partition, kind);
        using var reader = _select.ExecuteReader();
        return Read(reader, partition, kind) ?? new PositionRow(partition, kind);
    }

    /// <summary>The epoch alone, also from a damaged position: a reset repairs it, and must still get ahead of every owner.</summary>
    public long EpochOf(int partition)
    {
        _select.Parameters[0].Value = PositionRow.KeyOf(partition, CopyKind.Live);
        using var reader = _select.ExecuteReader();
        return reader.Read() ? reader.GetInt64(0) : 0;
    }

    public static PositionRow? Read(SqliteDataReader reader, int partition, CopyKind kind)
    {
        if (!reader.Read()) return null;
        var row = new PositionRow(partition, kind)
        {
            Epoch = reader.GetInt64(0), Commits = reader.GetInt64(1), Absorbed = reader.GetInt64(2), Generation = (int)reader.GetInt64(3),
            Rows = new ChunkDigest(reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6)),
            Counters = reader.GetFieldValue<byte[]>(7),
        };
        return row.Checksum() == reader.GetInt64(8) ? row : throw new StatesPositionCorruptException(partition, "its checksum does not fit", kind == CopyKind.Base);
    }

    public void Write(PositionRow row)
    {
        var values = _replace.Parameters;
        values[0].Value = row.Key;
        values[1].Value = row.Epoch;
        values[2].Value = row.Commits;
        values[3].Value = row.Absorbed;
        values[4].Value = row.Generation;
        values[5].Value = row.Rows.Rows;
        values[6].Value = row.Rows.Sequences;
        values[7].Value = row.Rows.Hashes;
        values[8].Value = row.Counters;
        values[9].Value = row.Checksum();
        _replace.ExecuteNonQuery();
    }

    /// <summary>The first <paramref name="length"/> bytes of the array become the row.</summary>
    public void Insert(long key, byte[] bytes, int length)
    {
        _insert.Parameters[0].Value = key;
        _insert.Parameters[1].Value = bytes;
        _insert.Parameters[1].Size = length;
        _insert.ExecuteNonQuery();
        _insert.Parameters[1].Value = DBNull.Value;
    }

    public void Delete(long key)
    {
        _delete.Parameters[0].Value = key;
        _delete.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter(name, DBNull.Value));
        return command;
    }
}
