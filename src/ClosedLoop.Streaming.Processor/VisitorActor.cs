using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>One browser: applies its hits, judges it while it is anonymous, hands its history to its lead afterwards.</summary>
public sealed class VisitorActor(Workbench bench)
{
    private readonly VisitorState _state = new(), _before = new();

    public void OnEvent(RecordReader e)
    {
        var site = e.Site;
        var key = e.Key;
        var blob = bench.Load(site, key);
        _state.Read(blob);
        bench.Facts.About(site, key, e.Id, e.TimeMs);
        var person = bench.Person.Of(_state.History);
        var caughtUp = _state.Link == Link.None && bench.Judge.CatchUp(_state.Standing, person, e.TimeMs);
        bench.Facts.Because(e.Id, e.TimeMs);

        var rules = bench.Rules.Of(site);
        var before = Remember(blob);
        var applied = HistoryWriter.Apply(_state.History, e, StoredFields.Resolve(e, rules), rules);
        if (applied.Outcome == Outcome.Duplicate)
        {
            bench.Counters.Duplicates++;
            if (caughtUp) Save(site, key);
            return;
        }
        bench.Counters.Stored++;
        _state.Version++;
        SendStored(e, applied, rules);
        if (applied.Outcome == Outcome.Applied) Follow(e, person, before, applied, rules);
        if (applied.Outcome == Outcome.Applied || caughtUp || _state.History.Known.Count + _state.History.KnownForEver.Count > 0) Save(site, key);
    }

    /// <summary>Silence or new rules may have changed what an anonymous visitor is in.</summary>
    public void OnDue(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, long nowMs)
    {
        _state.Read(blob);
        if (_state.Link == Link.None)
        {
            bench.Facts.About(site, key, Id.None, nowMs);
            bench.Judge.CatchUp(_state.Standing, bench.Person.Of(_state.History), nowMs);
        }
        Save(site, key);
    }

    /// <summary>The lead's answer; what happened since the question is handed over at once.</summary>
    public void OnLinked(RecordReader message)
    {
        _state.Read(bench.Load(message.Site, message.Key));
        if (_state.Link == Link.Made) return;
        _state.Link = Link.Made;
        _state.Lead = message.IdOf(Field.LeadId);
        if (_state.Version > message.Int(Field.Version)) HandOver(message, message.Site, ledger: true);
        Save(message.Site, message.Key);
    }

    private readonly record struct Earlier(Stage Stage, long NewestAt, bool HadConversions);

    private Earlier Remember(ReadOnlySpan<byte> blob)
    {
        bench.Sessions.Remember(_state.History);
        var had = HasConversions(_state.History);
        if (had) _before.Read(blob);
        else _before.Clear();
        return new Earlier(bench.Person.StageNow().Stage, _state.History.NewestAt, had);
    }

    private static bool HasConversions(History history) => history.Orders.Count + history.Deals.Count + history.Steps.Count > 0;

    private void Follow(RecordReader e, Person person, Earlier before, Applied applied, SiteRules rules)
    {
        bench.Sessions.Tell(_state.History, _state.Version);
        var wasAnonymous = _state.Link == Link.None;
        if (wasAnonymous) AskForLead(e, person, before);
        var money = MovesMoney(e, applied, before);
        if (wasAnonymous && money) TellCredit(e, rules);
        if (_state.Link == Link.Made) HandOver(e, e.Site, money);
        if (_state.Link != Link.None) return;
        var cause = CauseOf(e, _state.History);
        bench.Judge.Stage(_state.Standing, person, before.Stage, person.StageNow().Stage, e[Field.Reason], cause);
        bench.Judge.OnEvent(_state.Standing, person, cause);
    }

    // A page view that is the newest of all can change the credit of nothing; anything else may.
    private bool MovesMoney(RecordReader e, Applied applied, Earlier before) =>
        HasConversions(_state.History) || before.HadConversions
            ? !applied.IsNewest || e.OccurredMs <= before.NewestAt || IsMoney(e)
            : false;

    private static bool IsMoney(RecordReader e) =>
        e.Has(Field.OrderId) || e.Has(Field.DealId) || e.Has(Field.Stage) || e.Has(Field.Email) || e.Has(Field.Phone) || e.Has(Field.ExternalId);

    private void TellCredit(RecordReader e, SiteRules rules)
    {
        var key = e.Key.ToArray();
        bench.Credit.Begin();
        bench.Credit.Before(bench.PersonBefore.Of(_before.History), e.Site, rules, _ => key);
        bench.Credit.Now(bench.Person.Of(_state.History), e.Site, rules, _ => key);
        bench.Credit.Tell(rules, _state.Version, "");
    }

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

    private void SendStored(RecordReader e, Applied applied, SiteRules rules)
    {
        var fact = bench.Facts.Begin(RecordKind.EventStored).Add(Field.Payload, e.Record.Span);
        if (_state.Link == Link.Made) fact.Add(Field.LeadId, _state.Lead.ToString());
        StoredFields.Add(fact, e, rules, applied.Session < 0 ? default
            : FactWriter.SessionId(e.Site, e.Key, _state.History.Sessions[applied.Session].Key),
            applied.Session < 0 ? default : _state.History.ChannelOf(_state.History.Sessions[applied.Session].Source));
        bench.Facts.Send();
    }

    private void Save(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        bench.Blob.Clear();
        _state.Write(bench.Blob);
        bench.Save(site, key, bench.Blob.Written, _state.Link == Link.None ? _state.Standing.DueMs : 0);
    }
}
