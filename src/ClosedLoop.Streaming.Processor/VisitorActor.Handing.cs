using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

public sealed partial class VisitorActor
{
    private void AskForLead(RecordReader e, Person person, in Earlier before)
    {
        if (!e.Has(Field.Email) && !e.Has(Field.ExternalId) && !e.Has(Field.Phone)) return;
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
            .Add(Field.CauseId, c.Id).Add(Field.CauseName, c.Name.Span).Add(Field.CauseMs, c.OccurredMs).Add(Field.CausePage, c.Page.Span)
            .Add(Field.Reason, cause[Field.Reason])
            .Add(Field.Email, cause[Field.Email]).Add(Field.ExternalId, cause[Field.ExternalId]).Add(Field.Phone, cause[Field.Phone]);
    }

    private Cause Cause(RecordReader record) => record.Kind == RecordKind.Event
        ? CauseOf(record, _state.History)
        : new Cause("event", record.IdOf(Field.CauseId), record.Memory(Field.CauseName), record.Int(Field.CauseMs), record.TimeMs, record.Memory(Field.CausePage), default);

    internal static Cause CauseOf(RecordReader e, History history) => new(
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
