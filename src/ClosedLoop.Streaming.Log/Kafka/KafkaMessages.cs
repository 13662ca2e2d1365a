using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Log;

/// <summary>What the log on Kafka says to the operator; each happening once, by name.</summary>
internal static partial class KafkaMessages
{
    [LoggerMessage(21, LogLevel.Information, "Log open at {Brokers}, {Prefix}.*: {Partitions} partitions, log {Identity}, durability replicated.")]
    public static partial void Opened(ILogger logger, string brokers, string prefix, int partitions, string identity);

    [LoggerMessage(22, LogLevel.Error, "The producer lost its place with the broker ({Reason}); a new one takes over. Appends under way are refused, later ones go on.")]
    public static partial void ProducerBroken(ILogger logger, string reason);

    [LoggerMessage(23, LogLevel.Error, "The broker is away: {Reason}. Nothing is lost; what can't be appended is refused.")]
    public static partial void Away(ILogger logger, string reason);

    [LoggerMessage(24, LogLevel.Information, "The broker answers again.")]
    public static partial void Back(ILogger logger);

    [LoggerMessage(25, LogLevel.Warning, "Reading {Topic}/{Partition} from {From}: {Reason}. It is tried again.")]
    public static partial void ReadFailed(ILogger logger, string topic, int partition, long from, string reason);

    [LoggerMessage(26, LogLevel.Information, "Partitions {Partitions} are this process's own.")]
    public static partial void Assigned(ILogger logger, string partitions);

    [LoggerMessage(27, LogLevel.Information, "Partitions {Partitions} go to another process.")]
    public static partial void Revoked(ILogger logger, string partitions);

    [LoggerMessage(28, LogLevel.Warning, "Partitions {Partitions} were lost: the group did not hear of this process in time.")]
    public static partial void Lost(ILogger logger, string partitions);

    [LoggerMessage(29, LogLevel.Warning, "The group of processors: {Reason}. It goes on by itself.")]
    public static partial void GroupTrouble(ILogger logger, string reason);
}
