using Confluent.Kafka;

namespace ClosedLoop.Streaming.Log;

/// <summary>The stable words with which the log on Kafka says no; those of <see cref="Refusals"/> are used where they mean the same.</summary>
public static class KafkaRefusals
{
    public const string UnreachableReason = "broker_unreachable";
    public const string TimeoutReason = "append_timeout";
    public const string RefusedReason = "broker_refused";
    public const string BeyondEndReason = "position_beyond_end";

    internal static readonly LogUnavailableException QueueFull =
        new(Refusals.QueueFullReason, "More bytes wait for the broker than Kafka:QueueBytesMax allows; it is slower than the traffic, or away.");

    internal static LogUnavailableException TooLarge(int bytes, int max) =>
        new(Refusals.TooLargeReason, $"A record of {bytes} bytes; Kafka:RecordBytesMax allows {max}.");

    internal static LogUnavailableException Append(Error error) => error.Code switch
    {
        ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue =>
            new(TimeoutReason, "The broker did not confirm a record within Kafka:AppendTimeout; it may have been stored all the same."),
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge =>
            new(Refusals.TooLargeReason, "The broker takes no record of this size: raise max.message.bytes of the topic to Kafka:RecordBytesMax."),
        ErrorCode.Local_QueueFull => QueueFull,
        ErrorCode.Local_Destroy or ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight => Refusals.Stopping,
        _ => new(RefusedReason, $"The broker did not take a record: {error.Reason}."),
    };

    internal static LogUnavailableException Away(string what, KafkaException e) =>
        new(UnreachableReason, $"The broker did not answer ({what}: {e.Error.Reason}).", e);

    internal static LogUnavailableException BeyondEnd(string topic, int partition, long from) => new(BeyondEndReason,
        $"{topic}/{partition} does not reach offset {from}: it was made anew, or its end was lost. Positions of the old log mean nothing in this one.");
}
