using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// Copies the write-ahead file into the database beside the committer, on a connection of its own. A writer that never pauses keeps
/// adding frames behind it, so the last small rest is copied by the committer between two groups; then the file starts over from its
/// beginning and never grows.
/// </summary>
internal sealed class Checkpointer(SqliteConnection connection, EmbeddedLogOptions options, LogTelemetry telemetry, ILogger logger) : IDisposable
{
    private const long RestBytesMax = 1024 * 1024;
    private const int PassesMax = 3;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private long _walBytes;
    private long _lastWrite;
    private int _turnWanted;
    private ChunkStore? _store;
    private CommitQueue? _queue;

    public void Attach(ChunkStore store, CommitQueue queue)
    {
        _store = store;
        _queue = queue;
    }

    public void Wrote(long bytes)
    {
        Interlocked.Add(ref _walBytes, bytes);
        Volatile.Write(ref _lastWrite, Stopwatch.GetTimestamp());
    }

    /// <summary>Called by upkeep a few times a second.</summary>
    public void Look()
    {
        var bytes = Interlocked.Read(ref _walBytes);
        if (bytes == 0) return;
        var idle = Stopwatch.GetElapsedTime(Volatile.Read(ref _lastWrite)) >= Idle;
        if (bytes < options.WalBytesMax / 2 && !idle) return;
        try
        {
            var rest = Copy(() => ChunkStore.Checkpoint(connection));
            // Each pass is shorter than the one before, unless the disk is slower than the writer: then the writer has to wait for it.
            for (var pass = 1; pass < PassesMax && rest > RestBytesMax; pass++) rest = Copy(() => ChunkStore.Checkpoint(connection));
            if (rest <= 0) return;
            Volatile.Write(ref _turnWanted, 1);
            _queue!.Interrupt();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY)
        {
            LogMessages.CheckpointPostponed(logger, e.Message);
        }
    }

    /// <summary>The committer's share. False when the checkpoint failed in a way that ends the process.</summary>
    public bool TakeTurn(Action<LogUnavailableException> fatal)
    {
        if (Volatile.Read(ref _turnWanted) == 0) return true;
        Volatile.Write(ref _turnWanted, 0);
        try
        {
            Copy(_store!.Checkpoint);
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY)
        {
            LogMessages.CheckpointPostponed(logger, e.Message);
            return true;
        }
        catch (SqliteException e)
        {
            fatal(Refusals.SyncFailed(e));
            return false;
        }
    }

    public void Dispose() => connection.Dispose();

    /// <summary>Bytes that are still only in the write-ahead file.</summary>
    private long Copy(Func<(int Frames, int Copied)> checkpoint)
    {
        var before = Interlocked.Read(ref _walBytes);
        var started = Stopwatch.GetTimestamp();
        var (frames, copied) = checkpoint();
        if (copied < 0) return -1;
        telemetry.Checkpointed(Stopwatch.GetElapsedTime(started));
        var rest = (long)(frames - copied) * Schema.PageBytes;
        // What the committer wrote meanwhile was counted already, so only what was known before is taken off.
        Interlocked.Add(ref _walBytes, rest - before);
        return rest;
    }
}
