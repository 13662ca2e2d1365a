using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Warehouse;

/// <summary>What the room says in the log of the process; tables and counts, never what is in a row.</summary>
internal static partial class WarehouseMessages
{
    [LoggerMessage(1, LogLevel.Warning, "Insert of {Rows} rows into {Table}, month {Month}, failed (attempt {Attempt}): {Reason}")]
    public static partial void InsertFailed(ILogger logger, string table, int month, int rows, int attempt, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The warehouse dropped {Rows} rows for {Table}, month {Month}, as known, but does not have them; sent again under another token.")]
    public static partial void BatchDropped(ILogger logger, string table, int month, int rows);

    [LoggerMessage(3, LogLevel.Warning, "The warehouse can't be started yet: {Reason}")]
    public static partial void StartFailed(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Error, "The round {Round} ({Ranges}) that was written down can't be read again; going on behind it. Its facts may be missing in the warehouse: run replay.")]
    public static partial void RoundGone(ILogger logger, long round, string ranges);

    [LoggerMessage(5, LogLevel.Information, "The warehouse is ready; {Facts} facts wait.")]
    public static partial void Ready(ILogger logger, long facts);

    [LoggerMessage(6, LogLevel.Error, "{Facts} facts could not be read; they are kept in unreadable_facts.")]
    public static partial void Unreadable(ILogger logger, int facts);

    [LoggerMessage(7, LogLevel.Warning, "The warehouse's reader waits for the log: {Reason}. It goes on with the round that it wrote down last.")]
    public static partial void LogStopped(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Error, "The warehouse refuses a batch of {Facts} facts for {Table}, month {Month}, for what is in it; it is cut to find the fact to blame.")]
    public static partial void BatchCut(ILogger logger, string table, int month, int facts);

    [LoggerMessage(9, LogLevel.Error, "The warehouse refuses the fact at partition {Partition}, offset {Offset}, with code {Code}; it is kept in unreadable_facts.")]
    public static partial void FactRefused(ILogger logger, int partition, long offset, int code);
}
