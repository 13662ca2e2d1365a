using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>Puts the parts of an embedded file together: connections, lanes as they were left, witness, sync.</summary>
internal sealed class FileOpening(EmbeddedLogOptions options, string path, TimeProvider clock, ILogger logger)
{
    private readonly List<IDisposable> _made = [];
    private SqliteConnection? _connection;

    /// <summary>Drawn when the file was made.</summary>
    public long FileId { get; private set; }

    public (EmbeddedFileParts Parts, ReaderPool Pool, Damages Damages) Open()
    {
        var telemetry = Made(new LogTelemetry());
        _connection = Made(Connect(SqliteOpenMode.ReadWriteCreate));
        var fileId = FileId = Schema.Ensure(_connection, options);
        var sync = Made(new DiskSync(path + "-wal"));
        // After a flood the file goes back to its usual size, instead of keeping the largest it ever had.
        Schema.Run(_connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit = {Math.Max(options.WalFillBytes, options.WalBytesMax / 4)}"));
        sync.Fill(options.WalFillBytes);
        sync.Sync();

        var lanes = Lanes();
        var witness = Made(new Witness(path + ".witness", fileId, lanes.Length));
        var damages = new Damages(telemetry, logger);
        damages.Load(_connection);
        Opening.Lanes(_connection, lanes, witness.Read(), damages);
        foreach (var damage in damages.All) Damages.Save(_connection, damage, clock.GetUtcNow().ToUnixTimeMilliseconds());

        var queue = new CommitQueue(options);
        var store = Made(new ChunkStore(_connection, lanes));
        var checkpoints = Connect(SqliteOpenMode.ReadWrite);
        Schema.Run(checkpoints, "PRAGMA wal_autocheckpoint = 0");
        Schema.Run(checkpoints, "PRAGMA synchronous = NORMAL");
        var checkpointer = Made(new Checkpointer(checkpoints, options, telemetry, logger));
        checkpointer.Attach(store, queue);
        var pool = Made(new ReaderPool(ConnectionString(SqliteOpenMode.ReadWrite), lanes.Length));
        // One reader from the start: a process that has run out of file handles can still read.
        pool.Return(pool.Rent());
        var parts = new EmbeddedFileParts(options, clock, Path.GetDirectoryName(path)!, lanes, queue, store, sync, witness, checkpointer, telemetry);
        return (parts, pool, damages);
    }

    public Positions Positions(Func<CommitUnit, Action?, Task> submit)
    {
        var positions = new Positions(submit);
        positions.Load(_connection!);
        return positions;
    }

    /// <summary>Closes what was opened before an opening failed.</summary>
    public void Abandon()
    {
        for (var i = _made.Count - 1; i >= 0; i--) _made[i].Dispose();
    }

    private Lane[] Lanes()
    {
        var lanes = new List<Lane>(LaneMap.Count(options.Partitions));
        foreach (var topic in new[] { Topic.Hits, Topic.Facts })
            for (var partition = 0; partition < options.Partitions; partition++)
                lanes.Add(new Lane(topic, partition, lanes.Count, options.TailBytesMax));
        lanes.Add(new Lane(Topic.Settings, 0, lanes.Count, options.TailBytesMax));
        return [.. lanes];
    }

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(ConnectionString(mode));
        connection.Open();
        return connection;
    }

    // Without pooling a closed connection is closed, so the lock on the folder is honest.
    private string ConnectionString(SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString();

    private T Made<T>(T part) where T : IDisposable
    {
        _made.Add(part);
        return part;
    }
}
