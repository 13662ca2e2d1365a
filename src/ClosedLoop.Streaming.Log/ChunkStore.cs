using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClosedLoop.Streaming.Log;

/// <summary>The committer's connection: writes a group as one transaction. Its thread only.</summary>
internal sealed class ChunkStore : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lane[] _lanes;
    private readonly Statement _begin;
    private readonly Statement[] _inserts;
    private readonly Statement _commit;

    public ChunkStore(SqliteConnection connection, Lane[] lanes)
    {
        _connection = connection;
        _lanes = lanes;
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _inserts = [.. lanes.Select(lane => new Statement(connection,
            $"INSERT INTO {lane.Table}({ReaderPool.Reader.Columns}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"))];
        _commit = new Statement(connection, "COMMIT");
    }

    /// <summary>Writes and commits. On an exception everything is rolled back, or the exception is one that can't be survived.</summary>
    public void Write(Group group, long timeMs)
    {
        if (!group.Works.Exists(w => w.Unit.Write is not null))
        {
            // No other room takes part: prepared statements all the way, no transaction object.
            _begin.Run();
            Insert(group, timeMs);
            _commit.Run();
            return;
        }
        using var transaction = _connection.BeginTransaction(deferred: false);
        Insert(group, timeMs);
        foreach (var work in group.Works) work.Unit.Write?.Invoke(_connection, transaction);
        transaction.Commit();
    }

    /// <summary>True when the failed transaction left nothing behind.</summary>
    public bool TryRollBack()
    {
        foreach (var lane in _lanes) lane.Head = lane.Durable;
        if (raw.sqlite3_get_autocommit(_connection.Handle) != 0) return true;
        try
        {
            Schema.Run(_connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite may have rolled back on its own; the next line tells.
        }
        return raw.sqlite3_get_autocommit(_connection.Handle) != 0;
    }

    /// <summary>Copies what is left of the write-ahead file, for the end of a checkpoint that a busy writer would otherwise keep from ending.</summary>
    public (int Frames, int Copied) Checkpoint() => Checkpoint(_connection);

    public static (int Frames, int Copied) Checkpoint(SqliteConnection connection)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out var copied);
        if (code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return (frames, -1);
        if (code != raw.SQLITE_OK) throw new SqliteException("The checkpoint failed.", code, raw.sqlite3_extended_errcode(connection.Handle));
        return (frames, copied);
    }

    public void Dispose()
    {
        _begin.Dispose();
        foreach (var insert in _inserts) insert.Dispose();
        _commit.Dispose();
        _connection.Dispose();
    }

    private void Insert(Group group, long timeMs)
    {
        foreach (var segment in group.Segments)
        {
            var lane = _lanes[segment.Lane];
            var chunk = Chunk.Make(lane, segment.Count, timeMs, segment.Bytes);
            _inserts[segment.Lane].Bind(1, chunk.First).Bind(2, chunk.Count).Bind(3, chunk.TimeMs)
                .Bind(4, chunk.Total).Bind(5, chunk.Sum).Bind(6, chunk.Chain).Bind(7, chunk.Bytes.Span).Run();
            lane.Head = chunk.Head;
        }
    }
}
