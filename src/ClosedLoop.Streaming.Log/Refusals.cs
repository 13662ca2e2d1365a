namespace ClosedLoop.Streaming.Log;

/// <summary>The stable words with which the embedded log says no.</summary>
public static class Refusals
{
    public const string QueueFullReason = "queue_full";
    public const string DiskFullReason = "disk_full";
    public const string StoppingReason = "stopping";
    public const string SyncFailedReason = "sync_failed";
    public const string CommitFailedReason = "commit_failed";
    public const string TooLargeReason = "record_too_large";
    public const string ReadFailedReason = "read_failed";

    // Shared: under overload thousands of these are handed out a second, and each waiter only reads the reason.
    internal static readonly LogUnavailableException QueueFull =
        new(QueueFullReason, "More bytes wait for the log than Log:QueueBytesMax allows; the disk is slower than the traffic.");

    internal static readonly LogUnavailableException Stopping = new(StoppingReason, "The log is stopping.");

    internal static LogUnavailableException ReserveReached(string folder, long free, long min) => new(DiskFullReason,
        $"Only {free >> 20} MiB are free in {folder}, and Log:FreeBytesMin keeps {min >> 20} MiB. Free some space; appends go on by themselves then.");

    internal static LogUnavailableException TooLarge(int bytes, int max) =>
        new(TooLargeReason, $"A record of {bytes} bytes; Log:RecordBytesMax allows {max}.");

    internal static LogUnavailableException DiskFull(string folder, Exception inner) => new(DiskFullReason,
        $"The disk of {folder} is full. Nothing of this group was stored. Free some space; appends go on by themselves then.", inner);

    internal static LogUnavailableException SyncFailed(Exception inner) => new(SyncFailedReason,
        $"The disk did not confirm a sync ({inner.Message}). What was written since can't be trusted, so this process stops.", inner);

    internal static InvalidOperationException Damaged(string path, Exception inner) => new(
        $"{path} is damaged where the log can't do without ({inner.Message}). Move the file away and restore it from a backup, or start with an empty data folder.", inner);

    internal static LogUnavailableException ReadFailed(Exception inner) => new(ReadFailedReason,
        $"The log file could not be read ({inner.Message}).", inner);

    internal static LogUnavailableException CommitFailed(Exception inner) => new(CommitFailedReason,
        $"A transaction failed ({inner.Message}), so this process stops; at the next start the log opens at its last durable state.", inner);
}
