using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

public sealed partial class VisitorActor
{
    private void AskForLead(RecordReader e, Person person, Earlier before)
    {
        var identifier = ActorKey.IdentifiersOf(e.TextOrNull(Field.Email), e.TextOrNull(Field.ExternalId), e.TextOrNull(Field.Phone)).FirstOrDefault();
        if (identifier is null || (e.Flags & EventFlags.ActOnly) != 0) return;
        _state.Link = Link.Asked;
        _state.Identifier = identifier;
        var target = ActorKey.OfIdentifier(identifier);
        var ask = Handing(e, RecordKind.LinkAsked, e.Site, target, ledger: true)
            .Add(Field.Identifier, identifier).Add(Field.PreviousStage, (long)before.Stage);
        bench.Blob.Clear();
        _state.Standing.Write(bench.Blob);
        ask.Add(Field.Membership, bench.Blob.Written);
        bench.Outbox.Message(e.Site, target, ask.Written);
    }

    private void HandOver(RecordReader cause, ReadOnlySpan<byte> site, bool ledger)
    {
        var target = ActorKey.OfLead(_state.Lead);
        var handing = Handing(cause, RecordKind.HistoryHanded, site, target, ledger);
        bench.Outbox.Message(site, target, handing.Written);
    }

    private RecordWriter Handing(RecordReader cause, RecordKind kind, ReadOnlySpan<byte> site, byte[] target, bool ledger)
    {
        bench.Blob.Clear();
        HistoryCodec.Write(_state.History, bench.Blob);
        var c = Cause(cause);
        var id = Id.Derive(c.Id, target, kind, (int)_state.Version);
        return bench.Message.Begin(kind, cause.TimeMs, id, site, target)
            .Add(Field.VisitorId, cause.Key[1..]).Add(Field.Version, _state.Version).Add(Field.Payload, bench.Blob.Written)
            .Add(Field.Handed, ledger ? 1L : 0L)
            .Add(Field.CauseId, c.Id).Add(Field.CauseName, c.Name).Add(Field.CauseMs, c.OccurredMs).Add(Field.CausePage, c.Page)
            .Add(Field.Reason, cause[Field.Reason])
            .Add(Field.Email, cause[Field.Email]).Add(Field.ExternalId, cause[Field.ExternalId]).Add(Field.Phone, cause[Field.Phone]);
    }

    private Cause Cause(RecordReader record) => record.Kind == RecordKind.Event
        ? CauseOf(record, _state.History)
        : new Cause("event", record.IdOf(Field.CauseId), record.Text(Field.CauseName), record.Int(Field.CauseMs), record.TimeMs, record.Text(Field.CausePage), "");

    internal static Cause CauseOf(RecordReader e, History history) => new(
        (e.Flags & EventFlags.Imported) != 0 ? "import" : "event", e.Id, e.Text(Field.Name), e.OccurredMs, e.TimeMs,
        e.Has(Field.PageUrl) ? FactWriter.Text(PagePath.Of(e[Field.PageUrl])) : "", "");
}
