using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>One browser: applies its hits, judges it while it is anonymous, hands its history to its lead afterwards.</summary>
public sealed partial class VisitorActor(Workbench bench)
{
    private readonly VisitorState _state = new(), _before = new();
    private readonly RecordReader _inner = new();

    /// <param name="e">The hit.</param>
    /// <param name="hash">Of site and key; 0 when nobody has it yet.</param>
    public void OnEvent(RecordReader e, ulong hash)
    {
        var blob = bench.LoadOwn(e.Site, e.Key, hash);
        if (TryPlain(e, blob)) return;
        _state.Read(blob);
        if ((_state.Personas.Count > 1 || NamesSomebody(e)) && SentToAnother(e)) return;
        Take(e, e.Key, blob, isStored: false);
    }

    /// <summary>A hit of a browser that another person had at the time, or what an order or a deal had waiting for this visitor.</summary>
    public void OnForwarded(RecordReader forwarded)
    {
        var isStored = forwarded.Kind == RecordKind.EventPassed;
        if (!isStored) bench.Counters.ForwardedIn++;
        if (!_inner.TryRead(forwarded[Field.Payload].ToArray()) || !Admission.IsSound(_inner)) throw new StateFormatException(0);
        var blob = bench.LoadOwn(forwarded.Site, forwarded.Key, 0);
        _state.Read(blob);
        Take(_inner, forwarded.Key, blob, isStored);
    }

    private void Take(RecordReader e, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, bool isStored)
    {
        var site = e.Site;
        bench.Facts.About(site, key, e.Id, e.TimeMs);
        var person = bench.Person.Of(_state.History);
        var caughtUp = _state.Link == Link.None && bench.Judge.CatchUp(_state.Standing, person, e.TimeMs);
        bench.Facts.Because(e.Id, e.TimeMs);

        var rules = bench.Rules.Of(site);
        var before = Remember();
        var verdict = HitSource.Of(e, rules);
        var applied = HistoryWriter.Apply(_state.History, e, HitSource.ForMemory(verdict), rules);
        if (applied.Outcome == Outcome.Duplicate)
        {
            if (!isStored) bench.Counters.Duplicates++;
            if (caughtUp || _state.Personas.Count > 0) SaveOwn();
            return;
        }
        if (!isStored) bench.Counters.Stored++;
        // A noted hit (a bot) may leave no state behind; a version that grew for it would differ after a replay.
        if (applied.Outcome == Outcome.Applied) _state.Version++;
        if (!isStored && !bench.Facts.IsSilent) SendStored(e, applied, verdict);
        if (applied.Outcome == Outcome.Applied) Follow(e, person, before, applied, rules, blob);
        if (applied.Outcome == Outcome.Applied || caughtUp || _state.Personas.Count > 0 || _state.History.Known.Count + _state.History.KnownForEver.Count > 0) SaveOwn();
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

    private readonly record struct Earlier(Stage Stage, long NewestAt, bool HadConversions, SessionMark Sessions);

    private Earlier Remember() => new(
        bench.Person.StageNow().Stage, _state.History.NewestAt, HasConversions(_state.History), SessionMark.Of(_state.History));

    private static bool HasConversions(History history) => history.Orders.Count + history.Deals.Count + history.Steps.Count > 0;

    /// <param name="blob">The state as it was: read again only when more than the last session may have changed.</param>
    private void Follow(RecordReader e, Person person, in Earlier before, in Applied applied, SiteRules rules, ReadOnlySpan<byte> blob)
    {
        var onlyLast = applied.IsNewest && before.Sessions.IsFollowedBy(_state.History);
        if (before.HadConversions || !onlyLast) _before.Read(blob);
        else _before.Clear();
        if (bench.Facts.IsSilent) { }
        else if (onlyLast) bench.Sessions.TellLast(before.Sessions, _state.History, _state.Version);
        else bench.Sessions.Tell(_before.History, _state.History, _state.Version);
        DealFacts.Tell(bench.Facts, e, rules, _state.Version);
        var wasAnonymous = _state.Link == Link.None;
        if (wasAnonymous) LinkByIdentifier(e, before);
        if (e.Has(Field.OtherVisitorId)) Meet(e, before.Stage);
        OrderClaims.Tell(bench, e);
        var money = MovesMoney(e, applied, before);
        if (wasAnonymous && money) TellCredit(e, rules);
        var cause = CauseOf(e);
        if (_state.Link == Link.Made) HandOver(e, cause, wasAnonymous ? LedgerMoved | PostedAlone : money ? LedgerMoved : 0, wasAnonymous);
        // Of somebody who opted out the act counts, and nobody is told.
        if (_state.Link != Link.None || (e.Flags & EventFlags.ActOnly) != 0) return;
        bench.Judge.Stage(_state.Standing, person, before.Stage, person.StageNow().Stage, e[Field.Reason], cause);
        if (bench.Credit.Deals.Count > 0) bench.Judge.Deals(_state.Standing, person, bench.Credit.Deals, cause);
        bench.Judge.OnEvent(_state.Standing, person, cause);
    }

    // A page view that is the newest of all can change the credit of nothing; anything else may.
    private bool MovesMoney(RecordReader e, in Applied applied, in Earlier before) =>
        HasConversions(_state.History) || before.HadConversions
            ? !applied.IsNewest || e.OccurredMs <= before.NewestAt || IsMoney(e)
            : false;

    private static bool IsMoney(RecordReader e) =>
        e.Has(Field.OrderId) || e.Has(Field.DealId) || e.Has(Field.Stage) || e.Has(Field.Email) || e.Has(Field.Phone) || e.Has(Field.ExternalId);

    private void TellCredit(RecordReader e, SiteRules rules)
    {
        var key = bench.Facts.Key.ToArray();
        bench.Credit.Begin();
        bench.Credit.Before(bench.PersonBefore.Of(_before.History), e.Site, rules, _ => key);
        bench.Credit.Now(bench.Person.Of(_state.History), e.Site, rules, _ => key);
        bench.Credit.Tell(rules, _state.Version, "");
    }

    private void SendStored(RecordReader e, in Applied applied, in SourceVerdict verdict)
    {
        var fact = bench.Facts.Begin(RecordKind.EventStored).Add(Field.Payload, e.Record.Span);
        if (_state.Link == Link.Made) fact.Add(Field.LeadId, _state.Lead.ToString());
        StoredFields.Add(fact, e, verdict, applied.Session < 0 ? default
            : FactWriter.SessionId(e.Site, bench.Facts.Key, _state.History.Sessions[applied.Session].Key),
            applied.Session < 0 ? default : _state.History.ChannelOf(_state.History.Sessions[applied.Session].Source));
        if (e.Has(Field.Stage)) fact.Add(Field.Noted, StageNotes.Of(e, bench.Person.Of(_state.History)));
        bench.Facts.Send();
    }

    private void Save(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key) => bench.Save(site, key, Written(), DueMs);

    private void SaveOwn() => bench.SaveOwn(Written(), DueMs);

    private long DueMs => _state.Link == Link.None ? _state.Standing.DueMs : 0;

    private ReadOnlySpan<byte> Written()
    {
        bench.Blob.Clear();
        _state.Write(bench.Blob);
        return bench.Blob.Written;
    }
}
