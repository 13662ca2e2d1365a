using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// The home of one identifier: what its browsers handed over and what was said under its name. The home that names the person gathers the
/// others, and is judged and credited as one; the others hand themselves on to it.
/// </summary>
public sealed partial class LeadActor(Workbench bench)
{
    private readonly LeadState _state = new(), _before = new();
    private readonly Standing _standing = new();
    private readonly RecordReader _event = new();
    private readonly List<Id> _newlyMet = [];
    private byte[] _key = [];
    private Id _id;
    private int _messages;

    /// <summary>A browser's whole history as of a version; an older one than is known changes nothing.</summary>
    public void OnHanded(RecordReader handing)
    {
        Open(handing);
        var browser = _state.Find(handing[Field.VisitorId]);
        var isFirst = browser is null;
        // What a browser still sent when it had been let go says nothing: it will join anew or stand alone.
        if (isFirst ? !handing.Has(Field.Membership) : browser!.Version >= handing.Int(Field.Version)) return;
        var cause = CauseFields.Of(handing, handing.Memory(Field.VisitorId));
        Begin(handing, cause);
        BeHomeOf(handing.Text(Field.Identifier), handing.TimeMs, wasSaid: true);
        browser ??= _state.Add(handing.Text(Field.VisitorId));
        if (browser is null)
        {
            // One browser too many: what it did stays with the visitor, and the person is marked.
            _state.Own.Capped = true;
            Save();
            return;
        }
        browser.Version = handing.Int(Field.Version);
        HistoryCodec.Read(browser.History, handing[Field.Payload]);
        LearnMerges(browser, handing);
        LearnIdentifiers(handing);
        if (isFirst) TakeOver(handing, browser);
        var ledger = handing.Int(Field.Handed);
        if (_state.IsRoot)
        {
            (Person, Func<int, byte[]>)? posted = (ledger & VisitorActor.PostedAlone) != 0 ? Alone(browser) : null;
            var stage = StageTold(handing);
            Conclude(new Turnover(cause, handing, stage, isFirst || ledger != 0 || HasConversionSince(cause.OccurredMs)) { Posted = posted, VisitorId = browser.VisitorId });
        }
        else
        {
            _state.Version++;
            // Between two names nobody takes its postings over, so they are taken back here; whoever is next posts them anew.
            if (_state.IsLeaving && (ledger & VisitorActor.PostedAlone) != 0) TellCredit(new Turnover(cause, handing, default, true) { Posted = Alone(browser) });
            HandOn(handing, cause, VisitorKey(browser), browser.History, browser.Version, ledger);
        }
        if (isFirst) SendLinked(browser, deleted: false);
        // It may have been left empty before.
        if (isFirst && _state.IsUnnamed && _state.IsRoot) SendName();
        Greet(handing, cause);
        Save();
    }

    /// <summary>An event that named only the person, or what an order or a deal had waiting for it.</summary>
    public void OnForwarded(RecordReader forwarded)
    {
        var isStored = forwarded.Kind == RecordKind.EventPassed;
        if (!isStored) bench.Counters.ForwardedIn++;
        if (!_event.TryRead(forwarded[Field.Payload].ToArray()) || !Admission.IsSound(_event)) throw new StateFormatException(0);
        Open(forwarded);
        var cause = VisitorActor.CauseOf(_event);
        Begin(forwarded, cause);
        if (!isStored) BeHomeOf(forwarded.Text(Field.Identifier), forwarded.TimeMs, wasSaid: true);
        bench.Sessions.Remember(_state.Own);
        var rules = bench.Rules.Of(forwarded.Site);
        var verdict = HitSource.Of(_event, rules);
        var applied = HistoryWriter.Apply(_state.Own, _event, HitSource.ForMemory(verdict), rules);
        if (!isStored) Count(applied, verdict);
        if (applied.Outcome == Outcome.Applied) Follow(forwarded, cause, rules);
        Save();
    }

    public void OnDue(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, long nowMs)
    {
        _state.Read(blob);
        _key = key.ToArray();
        bench.Facts.About(site, key, Id.None, nowMs);
        bench.Stages.Open(_state);
        if (IsPerson) bench.Judge.CatchUp(_state.Standing, _state.AsPerson(bench.Person), nowMs);
        Save();
    }

    private void Follow(RecordReader forwarded, in Cause cause, SiteRules rules)
    {
        bench.Sessions.Tell(_state.Own, _state.Version + 1);
        DealFacts.Tell(bench.Facts, _event, rules, _state.Version + 1);
        var isAct = (_event.Flags & EventFlags.ActOnly) != 0;
        if (!isAct) LearnIdentifiers(_event);
        if (_state.Identifier is not ['o' or 'd', ..]) OrderClaims.Tell(bench, _event);
        if (_state.IsRoot) Conclude(new Turnover(cause, _event, StageBefore(), IsLedgerMoved: true) { IsSilent = isAct });
        else
        {
            _state.Version++;
            HandOn(forwarded, cause, _key, _state.Own, _state.Version, VisitorActor.LedgerMoved);
        }
        Greet(forwarded, cause);
    }

    private void Count(Applied applied, in SourceVerdict verdict)
    {
        if (applied.Outcome == Outcome.Duplicate)
        {
            bench.Counters.Duplicates++;
            return;
        }
        bench.Counters.Stored++;
        var fact = bench.Facts.Begin(RecordKind.EventStored).Add(Field.Payload, _event.Record.Span);
        StoredFields.Add(fact, _event, verdict, applied.Session < 0 ? default
            : FactWriter.SessionId(bench.Facts.Site, bench.Facts.Key, _state.Own.Sessions[applied.Session].Key), default);
        fact.Add(Field.Noted, StageNotes.Of(_event, _state.AsPerson(bench.Person)));
        bench.Facts.Send();
    }

    /// <summary>Reads the state; nothing is told yet.</summary>
    private void Open(RecordReader record)
    {
        var blob = bench.Load(record.Site, record.Key);
        _state.Read(blob);
        _before.Read(blob);
        _key = record.Key.ToArray();
        _id = Id.TryParse(FactWriter.Text(record.Key[1..]), out var id) ? id : Id.None;
        _messages = 0;
        _newlyMet.Clear();
        bench.Facts.About(record.Site, record.Key, record.Id, record.TimeMs);
    }

    private void Begin(RecordReader message, in Cause cause)
    {
        bench.Facts.About(message.Site, _key, cause.Id, cause.NowMs);
        bench.Stages.Open(_state);
        if (IsPerson) bench.Judge.CatchUp(_state.Standing, _state.AsPerson(bench.Person), cause.NowMs);
        // What silence or new rules have found is told, and was so before this event.
        foreach (var step in bench.Stages.Raised) _before.Own.Raise(step);
        bench.Facts.Because(cause.Id, message.Id, cause.NowMs);
    }

    /// <summary>Judged here: names its person, and somebody is here.</summary>
    private bool IsPerson => _state.IsRoot && !_state.IsEmpty;

    private Stage StageBefore() => _before.IsRoot ? _before.AsPerson(bench.PersonBefore).StageNow().Stage : _before.StageTold;

    /// <summary>What the person and whoever joins it were told to be: the further of the two, so that nobody hears twice of one step.</summary>
    private Stage StageTold(RecordReader joining)
    {
        var (own, other) = (StageBefore(), (Stage)Math.Clamp(joining.Int(Field.PreviousStage), 0, (int)Stage.Lost));
        return own == Stage.Lost || other == Stage.Lost && own != Stage.Visitor || own > other ? own : other;
    }

    private static byte[] VisitorKey(Handed browser) => ActorKey.OfVisitor(browser.VisitorId);

    private void Save()
    {
        bench.Blob.Clear();
        _state.Write(bench.Blob, bench.Scratch);
        bench.Save(bench.Facts.Site, _key, bench.Blob.Written, IsPerson ? _state.Standing.DueMs : 0);
    }
}
