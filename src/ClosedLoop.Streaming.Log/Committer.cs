using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace ClosedLoop.Streaming.Log;

/// <summary>
/// The one thread that writes: takes a group, commits it, syncs it, makes it visible, wakes its waiters. Only a full disk is survived;
/// any other failure means that nobody can say what the file holds, so it is the end of this process.
/// </summary>
internal sealed class Committer(EmbeddedFileParts parts, ILogger logger)
{
    private readonly long[] _ends = new long[parts.Lanes.Length];

    private bool _witnessFailed;

    public required Action<LogUnavailableException> Fatal { get; init; }

    public void Run()
    {
        while (true)
        {
            var group = parts.Queue.Take(out var drained);
            if (drained) return;
            if (!parts.Checkpointer.TakeTurn(Fatal)) return;
            if (group is not null && !Commit(group)) return;
        }
    }

    public static void Finish(Group group, LogUnavailableException? error)
    {
        foreach (var cohort in group.Cohorts) cohort.Finish(error);
        foreach (var work in group.Works) work.Done.Finish(error);
    }

    private bool Commit(Group group)
    {
        var error = Store(group);
        if (error is null)
        {
            Publish(group);
            parts.Telemetry.Committed(group);
        }
        else
        {
            parts.Telemetry.Refused(error.Reason, group.Hits + group.Works.Count);
        }
        parts.Queue.Settle(group);
        Finish(group, error);
        parts.Queue.Recycle(group);
        if (error is null || error.Reason == Refusals.DiskFullReason) return true;
        Fatal(error);
        return false;
    }

    private LogUnavailableException? Store(Group group)
    {
        try
        {
            parts.Store.Write(group, parts.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (Exception e)
        {
            var clean = parts.Store.TryRollBack();
            if (clean && e is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }) return Refusals.DiskFull(parts.Folder, e);
            return Refusals.CommitFailed(e);
        }
        if (parts.Options.Durability != Durability.Disk) return null;
        try
        {
            parts.Sync.Sync();
            return null;
        }
        catch (IOException e)
        {
            return Refusals.SyncFailed(e);
        }
    }

    // The witness is a help for the next start; that it could not be written says nothing about what was just made durable.
    private void Remember()
    {
        try
        {
            parts.Witness.Write(_ends);
        }
        catch (IOException e)
        {
            if (!_witnessFailed) LogMessages.WitnessFailed(logger, e.Message);
            _witnessFailed = true;
        }
    }

    private void Publish(Group group)
    {
        var wal = 0L;
        foreach (var segment in group.Segments)
        {
            parts.Lanes[segment.Lane].Publish(segment.Bytes, segment.Count);
            wal += segment.Bytes.Length + 2 * Schema.PageBytes;
        }
        for (var i = 0; i < _ends.Length; i++)
        {
            var lane = parts.Lanes[i];
            lane.Durable = lane.Head;
            _ends[i] = lane.Head.Next;
        }
        Remember();
        foreach (var work in group.Works)
        {
            wal += work.Unit.Bytes + 2 * Schema.PageBytes;
            work.Committed?.Invoke();
        }
        parts.Checkpointer.Wrote(wal);
    }
}
