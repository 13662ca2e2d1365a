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
    private const long RestBytesMax = 4 * 1024 * 1024;
    // The background begins at this part of the bound.
    private const int StartShare = 8;
    private const int PassesMax = 3;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TurnEvery = TimeSpan.FromMilliseconds(100);

    private readonly Lock _copying = new();
    private long _walBytes;
    private long _lastWrite;
    private long _lastTurn;
    private int _turnWanted;
    private volatile bool _postponed;
    private ChunkStore? _store;
    private CommitQueue? _queue;

    public void Attach(ChunkStore store, CommitQueue queue)
    {
        _store = store;
        _queue = queue;
    }

    public void Wrote(long bytes)
    {
        var now = Stopwatch.GetTimestamp();
        Volatile.Write(ref _lastWrite, now);
        if (Interlocked.Add(ref _walBytes, bytes) < options.WalBytesMax || Stopwatch.GetElapsedTime(_lastTurn, now) < TurnEvery) return;
        // The disk is slower than the traffic: from here on the writer waits for it, so that the file keeps its bound.
        Volatile.Write(ref _turnWanted, 1);
    }

    /// <summary>Called by upkeep a few times a second.</summary>
    public void Look()
    {
        var bytes = Interlocked.Read(ref _walBytes);
        if (bytes == 0) return;
        var idle = Stopwatch.GetElapsedTime(Volatile.Read(ref _lastWrite)) >= Idle;
        if (bytes < options.WalBytesMax / StartShare && !idle) return;
        Survive(() =>
        {
            var rest = Copy(() => ChunkStore.Checkpoint(connection));
            // Each pass is shorter than the one before, as long as the disk is faster than the writer.
            for (var pass = 1; pass < PassesMax && rest > RestBytesMax; pass++) rest = Copy(() => ChunkStore.Checkpoint(connection));
            if (rest is <= 0 or > RestBytesMax) return;
            Volatile.Write(ref _turnWanted, 1);
            _queue!.Interrupt();
        });
    }

    /// <summary>The committer's share. False when the checkpoint failed in a way that ends the process.</summary>
    public bool TakeTurn(Action<LogUnavailableException> fatal)
    {
        if (Volatile.Read(ref _turnWanted) == 0) return true;
        Volatile.Write(ref _turnWanted, 0);
        _lastTurn = Stopwatch.GetTimestamp();
        try
        {
            Survive(() => Copy(_store!.Checkpoint));
            return true;
        }
        catch (SqliteException e)
        {
            fatal(Refusals.SyncFailed(e));
            return false;
        }
    }

    public void Dispose() => connection.Dispose();

    // A full disk, or a reader that stands in the way: the frames stay where they are, nothing is lost, and the next look tries again.
    private void Survive(Action checkpoint)
    {
        try
        {
            checkpoint();
            _postponed = false;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY)
        {
            if (!_postponed) LogMessages.CheckpointPostponed(logger, e.SqliteErrorCode == raw.SQLITE_FULL ? "the disk is full" : "the file is busy");
            _postponed = true;
        }
    }

    /// <summary>Bytes that are still only in the write-ahead file.</summary>
    private long Copy(Func<(int Frames, int Copied)> checkpoint)
    {
        // One at a time: a committer that comes for its turn waits for the pass that is under way, and then copies the rest.
        lock (_copying)
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
}
