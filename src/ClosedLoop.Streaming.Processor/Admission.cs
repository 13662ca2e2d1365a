using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.States;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// What a record of the log must be like before an actor sees it. The doors write no others; a record that was damaged or comes from elsewhere
/// is refused here, so that the actors can rely on it.
/// </summary>
internal static class Admission
{
    /// <summary>The last millisecond of the year 9999; the calendar ends there.</summary>
    private const long TimeMsMax = 253_402_300_799_999;
    private const int SiteBytesMax = 64;

    public static bool IsSound(RecordReader record)
    {
        if (record.TimeMs is < 0 or > TimeMsMax || record.Site.Length > SiteBytesMax || record.Site.Contains((byte)0)) return false;
        return record.Kind switch
        {
            RecordKind.Event => IsActor(record, ActorKey.Visitor, ActorKey.Identifier) && record.OccurredMs is >= 0 and <= TimeMsMax,
            RecordKind.IdentifierGiven => IsActor(record, ActorKey.Identifier),
            RecordKind.VisitorMet => IsActor(record, ActorKey.Visitor) && record.Has(Field.VisitorId),
            RecordKind.HistoryHanded or RecordKind.LeadMet or RecordKind.PartHanded => IsActor(record, ActorKey.Lead),
            RecordKind.Forwarded or RecordKind.EventPassed or RecordKind.Released => IsActor(record, ActorKey.Lead, ActorKey.Visitor),
            RecordKind.CostGiven => IsActor(record, ActorKey.Cost),
            RecordKind.CreditRun => record.Has(Field.Payload),
            RecordKind.Refused or RecordKind.TotalsOnly or RecordKind.Tick or RecordKind.Published => true,
            _ => false,
        };
    }

    private static bool IsActor(RecordReader record, byte kind, byte otherwise = 0)
    {
        var key = record.Key;
        return key.Length > 1 && key.Length <= Partitioning.KeyBytesMax && (key[0] == kind || key[0] == otherwise)
            && record.Site.Length + 1 + key.Length <= Shelf.KeyBytesMax;
    }
}
