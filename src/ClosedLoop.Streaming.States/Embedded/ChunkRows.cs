using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClosedLoop.Streaming.States;

/// <summary>Reads rows of chunks without copying them out of SQLite. One thread; nothing stays open between two calls of the owner's choosing.</summary>
internal sealed class ChunkRows : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    private ChunkRows(SqliteConnection connection, string columns, long first, long last)
    {
        _connection = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(_connection, $"SELECT {columns} FROM states_chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key", out _statement));
        Check(raw.sqlite3_bind_int64(_statement, 1, first));
        Check(raw.sqlite3_bind_int64(_statement, 2, last));
    }

    /// <summary>Rows with their bytes, both keys included.</summary>
    public static ChunkRows Whole(SqliteConnection connection, long first, long last) => new(connection, "key, bytes", first, last);

    /// <summary>Rows with the length of their bytes only.</summary>
    public static ChunkRows Lengths(SqliteConnection connection, long first, long last) => new(connection, "key, length(bytes)", first, last);

    public long Key => raw.sqlite3_column_int64(_statement, 0);
    public long Length => raw.sqlite3_column_int64(_statement, 1);
    /// <summary>Valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes => raw.sqlite3_column_blob(_statement, 1);

    public bool MoveNext()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) Check(code);
        return false;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw new SqliteException(raw.sqlite3_errmsg(_connection).utf8_to_string(), code, raw.sqlite3_extended_errcode(_connection));
    }
}
