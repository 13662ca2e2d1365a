using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>What the log says to the operator; each happening once, by name.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Log open at {Path}: {Records} records in {Partitions} partitions, durability {Durability}.")]
    public static partial void Opened(ILogger logger, string path, long records, int partitions, Durability durability);

    [LoggerMessage(2, LogLevel.Critical, "The log can't go on: {Reason}. Every append is refused from now on and the process stops.")]
    public static partial void Fatal(ILogger logger, string reason, Exception error);

    [LoggerMessage(3, LogLevel.Error, "Log damage in {Topic}/{Partition} at offset {First}: {Count} records ({What}) are skipped; the rest is readable.")]
    public static partial void Damaged(ILogger logger, Topic topic, int partition, long first, long count, string what);

    [LoggerMessage(4, LogLevel.Warning, "The write-ahead file can't be copied into the database for now: {Why}. Nothing is lost; it is tried again.")]
    public static partial void CheckpointPostponed(ILogger logger, string why);

    [LoggerMessage(5, LogLevel.Error, "The doors are closed: {Why}")]
    public static partial void DoorsClosed(ILogger logger, string why);

    [LoggerMessage(6, LogLevel.Information, "The doors are open again: there is space on the disk.")]
    public static partial void DoorsOpened(ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "Log upkeep failed and will try again: {Why}")]
    public static partial void UpkeepFailed(ILogger logger, string why);

    [LoggerMessage(8, LogLevel.Warning, "The witness could not be written: {Why}")]
    public static partial void WitnessFailed(ILogger logger, string why);
}
