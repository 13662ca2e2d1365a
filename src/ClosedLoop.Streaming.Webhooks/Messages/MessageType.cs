using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>The types of CONTRACT.md §5, as they stand in the body and in an endpoint's <c>events</c>.</summary>
public static class MessageType
{
    public const string SegmentEntered = "segment.entered";
    public const string SegmentLeft = "segment.left";
    public const string StageChanged = "stage.changed";
    public const string DealAttributed = "deal.attributed";
    public const string PersonErased = "person.erased";
    /// <summary>Sent only on request, to one endpoint.</summary>
    public const string Test = "webhook.test";

    /// <summary>What an endpoint may ask for.</summary>
    public static IReadOnlyList<string> All { get; } = [SegmentEntered, SegmentLeft, StageChanged, DealAttributed, PersonErased];

    /// <summary>The type that a fact becomes; null when webhooks don't tell of it.</summary>
    public static string? Of(RecordReader fact) => fact.Kind switch
    {
        RecordKind.SegmentChanged => fact[Field.Change] switch
        {
            var change when change.SequenceEqual("entered"u8) => SegmentEntered,
            var change when change.SequenceEqual("left"u8) => SegmentLeft,
            _ => null,
        },
        RecordKind.StageChanged => StageChanged,
        RecordKind.DealAttributed => DealAttributed,
        RecordKind.PersonErased => PersonErased,
        _ => null,
    };

    /// <summary>Cheap first look at a record's second byte: most facts are none of ours.</summary>
    public static bool Concerns(ReadOnlySpan<byte> record) =>
        record.Length > 1 && (RecordKind)record[1] is RecordKind.SegmentChanged or RecordKind.StageChanged or RecordKind.DealAttributed or RecordKind.PersonErased;
}
