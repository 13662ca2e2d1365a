using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

public sealed partial class VisitorActor
{
    /// <summary>What a hand-over says of the ledger: that it may have moved, and that the sender had posted it so far.</summary>
    internal const long LedgerMoved = 1, PostedAlone = 2, PostedWhole = 4;

    private void LinkByIdentifier(RecordReader e, in Earlier before)
    {
        if (!e.Has(Field.Email) && !e.Has(Field.ExternalId) && !e.Has(Field.Phone)) return;
        var identifier = ActorKey.IdentifiersOf(e.TextOrNull(Field.Email), e.TextOrNull(Field.ExternalId), e.TextOrNull(Field.Phone)).FirstOrDefault();
        if (identifier is null || (e.Flags & EventFlags.ActOnly) != 0) return;
        BelongTo(e.Site, identifier, before.Stage);
    }

    /// <summary>From now on the history goes to the identifier's home, and the visitor is judged there.</summary>
    private void BelongTo(ReadOnlySpan<byte> site, string identifier, Stage told)
    {
        _state.Link = Link.Made;
        _state.Identifier = identifier;
        _state.Lead = IdentifierHome.LeadOf(site, System.Text.Encoding.UTF8.GetBytes(identifier));
        _state.StageTold = told;
    }

    private void HandOver(RecordReader record, in Cause cause, long ledger, bool isFirst)
    {
        var site = bench.Facts.Site;
        var target = ActorKey.OfLead(_state.Lead);
        bench.Blob.Clear();
        HistoryCodec.Write(_state.History, bench.Blob);
        var id = Id.Derive(record.Id, target, RecordKind.HistoryHanded, (int)_state.Version);
        var handing = bench.Message.Begin(RecordKind.HistoryHanded, record.TimeMs, id, site, target)
            .Add(Field.VisitorId, bench.Facts.Key[1..]).Add(Field.Version, _state.Version).Add(Field.Payload, bench.Blob.Written)
            .Add(Field.Handed, ledger).Add(Field.Identifier, _state.Identifier).AddCause(cause)
            .Add(Field.Reason, record[Field.Reason]);
        AddIdentifiers(handing, record);
        if (_state.IsMerged) handing.Add(Field.IsMerged, 1L).Add(Field.Knots, KnotsOf(_state));
        if (isFirst)
        {
            bench.Blob.Clear();
            _state.Standing.Write(bench.Blob);
            handing.Add(Field.Membership, bench.Blob.Written).Add(Field.PreviousStage, (long)_state.StageTold).Add(Field.Sequence, _state.Standing.Sequence);
        }
        bench.Outbox.Message(site, target, handing.Written);
    }

    // Let go by a lead that had not yet heard the name: it is said again.
    private void AddIdentifiers(RecordWriter handing, RecordReader record)
    {
        if (record.Kind == RecordKind.Released && _state.Personas.Count > 0)
            handing.Add(Field.Email, _state.Personas[0].Email).Add(Field.ExternalId, _state.Personas[0].ExternalId).Add(Field.Phone, _state.Personas[0].Phone);
        else
            handing.Add(Field.Email, record[Field.Email]).Add(Field.ExternalId, record[Field.ExternalId]).Add(Field.Phone, record[Field.Phone]);
    }

    internal static Cause CauseOf(RecordReader e) => new(
        (e.Flags & EventFlags.Imported) != 0 ? "import" : "event", e.Id, e.Memory(Field.Name), e.OccurredMs, e.TimeMs, PathOf(e), default);

    private static ReadOnlyMemory<byte> PathOf(RecordReader e)
    {
        if (!e.Has(Field.PageUrl)) return default;
        var url = e.Memory(Field.PageUrl);
        var path = PagePath.Of(url.Span);
        return url.Span.Overlaps(path, out var offset) ? url.Slice(offset, path.Length) : Root;
    }

    private static readonly byte[] Root = "/"u8.ToArray();
}
