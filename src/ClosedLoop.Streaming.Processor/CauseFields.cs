using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Processor;

/// <summary>A cause as messages between actors carry it, so that whatever follows tells of the event that began it.</summary>
internal static class CauseFields
{
    private const string Event = "event", Link = "link";

    public static RecordWriter AddCause(this RecordWriter message, in Cause cause) => message
        .Add(Field.CauseId, cause.Id).Add(Field.CauseName, cause.Name.Span).Add(Field.CauseMs, cause.OccurredMs).Add(Field.CausePage, cause.Page.Span)
        .Add(Field.CauseKind, cause.Kind == Event ? null : cause.Kind);

    /// <param name="visitorId">The browser it came from; empty when none.</param>
    public static Cause Of(RecordReader message, ReadOnlyMemory<byte> visitorId = default) => new(
        message.Has(Field.CauseKind) ? message.Text(Field.CauseKind) : Event, message.IdOf(Field.CauseId), message.Memory(Field.CauseName),
        message.Int(Field.CauseMs), message.TimeMs, message.Memory(Field.CausePage), visitorId);

    /// <summary>The same, where it changes not what a person did but who the person is.</summary>
    public static Cause AsLink(this Cause cause) => cause with { Kind = Link };
}
