using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace ClosedLoop.Streaming.Log;

/// <summary>A thread beside the committer for what nobody waits for: checkpoints, free space, retention.</summary>
internal sealed class Upkeep(EmbeddedFileParts parts, Retention retention, Func<long> freeBytes, ILogger logger)
{
    private const int TickMs = 100;
    private const int SpaceTicks = 10;

    private readonly ManualResetEventSlim _stop = new();
    private bool _doorsClosed;
    private Task _retaining = Task.CompletedTask;

    public required Action<LogUnavailableException> Fatal { get; init; }

    public void Run()
    {
        LookAtSpace();
        var sinceRetention = TimeSpan.Zero;
        for (var tick = 1; !_stop.Wait(TickMs); tick++)
        {
            try
            {
                parts.Checkpointer.Look();
                if (tick % SpaceTicks == 0) LookAtSpace();
                sinceRetention += TimeSpan.FromMilliseconds(TickMs);
                if (sinceRetention < parts.Options.RetentionEvery || !_retaining.IsCompleted) continue;
                sinceRetention = TimeSpan.Zero;
                _retaining = RetainAsync();
            }
            catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_IOERR)
            {
                // A checkpoint that could not sync: the same verdict as a commit that could not.
                Fatal(Refusals.SyncFailed(e));
                return;
            }
            catch (Exception e) when (e is SqliteException or IOException)
            {
                LogMessages.UpkeepFailed(logger, e.Message);
            }
        }
    }

    public void Stop() => _stop.Set();

    /// <summary>Waits for a retention step that is under way; after the committer has ended it ends too.</summary>
    public void Finish() => _retaining.Wait();

    private async Task RetainAsync()
    {
        try
        {
            await retention.RunAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SqliteException or LogUnavailableException or ObjectDisposedException)
        {
            LogMessages.UpkeepFailed(logger, e.Message);
        }
    }

    private void LookAtSpace()
    {
        if (parts.Options.FreeBytesMin == 0) return;
        var free = freeBytes();
        var closed = free < parts.Options.FreeBytesMin;
        if (closed == _doorsClosed) return;
        _doorsClosed = closed;
        var reason = closed ? Refusals.ReserveReached(parts.Folder, free, parts.Options.FreeBytesMin) : null;
        parts.Queue.CloseDoors(reason);
        if (reason is not null) LogMessages.DoorsClosed(logger, reason.Message);
        else LogMessages.DoorsOpened(logger);
    }
}
