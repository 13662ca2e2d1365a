using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Processor;

/// <summary>One person: what the browsers handed over and what was said of the person, judged and credited as one.</summary>
public sealed partial class LeadActor(Workbench bench)
{
    private readonly LeadState _state = new(), _before = new();
    private readonly History _handed = new();
    private readonly Standing _standing = new();
    private readonly RecordReader _event = new();

    /// <summary>A browser's whole history as of a version; an older one than is known changes nothing.</summary>
    public void OnHanded(RecordReader handing)
    {
        var site = handing.Site;
        var key = handing.Key;
        var blob = bench.Load(site, key);
        _state.Read(blob);
        var visitorId = handing.Text(Field.VisitorId);
        var browser = _state.Find(handing[Field.VisitorId]);
        var isFirst = browser is null;
        if (browser is not null && browser.Version >= handing.Int(Field.Version)) return;
        var cause = new Cause("event", handing.IdOf(Field.CauseId), handing.Memory(Field.CauseName), handing.Int(Field.CauseMs),
            handing.TimeMs, handing.Memory(Field.CausePage), handing.Memory(Field.VisitorId));
        Begin(site, key, blob, cause, handing.Id);

        browser ??= _state.Add(visitorId);
        if (browser is null)
        {
            // One browser too many: what it did stays with the visitor, and the person is marked.
            _state.Own.Capped = true;
            Save(site, key);
            return;
        }
        if (isFirst) TakeOver(handing, browser);
        browser.Version = handing.Int(Field.Version);
        HistoryCodec.Read(browser.History, handing[Field.Payload]);
        var rules = bench.Rules.Of(site);
        if (isFirst) SendLinked(browser);
        LearnIdentifiers(handing, site);
        if (isFirst || handing.Int(Field.Handed) == 1 || HasConversionSince(cause.OccurredMs)) TellCredit(site, rules, visitorId, isFirst ? handing : null);
        var stage = (Stage)Math.Max((int)StageBefore(), (int)Math.Clamp(handing.Int(Field.PreviousStage), 0, (int)Stage.Lost));
        Finish(site, key, stage, handing[Field.Reason], cause);
    }

    /// <summary>An event that named only the person.</summary>
    public void OnForwarded(RecordReader forwarded)
    {
        bench.Counters.ForwardedIn++;
        if (!_event.TryRead(forwarded[Field.Payload].ToArray()) || !Admission.IsSound(_event)) throw new StateFormatException(0);
        var site = forwarded.Site;
        var key = forwarded.Key;
        var blob = bench.Load(site, key);
        _state.Read(blob);
        var cause = VisitorActor.CauseOf(_event, _state.Own);
        Begin(site, key, blob, cause, forwarded.Id);
        bench.Sessions.Remember(_state.Own);
        var rules = bench.Rules.Of(site);
        var verdict = HitSource.Of(_event, rules);
        var applied = HistoryWriter.Apply(_state.Own, _event, HitSource.ForMemory(verdict), rules);
        if (applied.Outcome == Outcome.Duplicate)
        {
            bench.Counters.Duplicates++;
            Save(site, key);
            return;
        }
        bench.Counters.Stored++;
        SendStored(applied, verdict);
        if (applied.Outcome == Outcome.Noted)
        {
            Save(site, key);
            return;
        }
        bench.Sessions.Tell(_state.Own, _state.Version + 1);
        DealFacts.Tell(bench.Facts, _event, rules, _state.Version + 1);
        LearnIdentifiers(_event, site, forwarded.Text(Field.Identifier));
        TellCredit(site, rules, "", null);
        if ((_event.Flags & EventFlags.ActOnly) == 0) Finish(site, key, StageBefore(), _event[Field.Reason], cause);
        else Save(site, key);
    }

    public void OnDue(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, long nowMs)
    {
        _state.Read(blob);
        bench.Facts.About(site, key, Id.None, nowMs);
        bench.Judge.CatchUp(_state.Standing, _state.AsPerson(bench.Person), nowMs);
        Save(site, key);
    }

    private void Begin(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, in Cause cause, Id message)
    {
        _before.Read(blob);
        bench.Facts.About(site, key, cause.Id, cause.NowMs);
        bench.Judge.CatchUp(_state.Standing, _state.AsPerson(bench.Person), cause.NowMs);
        bench.Facts.Because(cause.Id, message, cause.NowMs);
    }

    private void Finish(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, Stage stageBefore, ReadOnlySpan<byte> reason, in Cause cause)
    {
        _state.Version++;
        var person = _state.AsPerson(bench.Person);
        bench.Judge.Stage(_state.Standing, person, stageBefore, person.StageNow().Stage, reason, cause);
        bench.Judge.OnEvent(_state.Standing, person, cause);
        Save(site, key);
    }

    private Stage StageBefore() => _before.AsPerson(bench.PersonBefore).StageNow().Stage;

    /// <param name="firstHanding">Set when a browser joins: what it had posted as an anonymous person is taken into account.</param>
    private void TellCredit(ReadOnlySpan<byte> site, SiteRules rules, string visitorId, RecordReader? firstHanding)
    {
        var key = bench.Facts.Key.ToArray();
        bench.Credit.Begin();
        bench.Credit.Before(_before.AsPerson(bench.PersonBefore), site, rules, i => KeyOf(_before, i, key));
        if (firstHanding is not null)
        {
            HistoryCodec.Read(_handed, firstHanding[Field.Payload]);
            bench.Credit.Before(new Person().Of(_handed), site, rules, _ => ActorKey.OfVisitor(visitorId));
        }
        bench.Credit.Now(_state.AsPerson(bench.Person), site, rules, i => KeyOf(_state, i, key));
        bench.Credit.Tell(rules, _state.Version + 1, visitorId);
    }

    // A touch from another browser may come late and stand before what this person has bought meanwhile.
    private bool HasConversionSince(long ms)
    {
        foreach (var part in _state.AsPerson(bench.Person).Parts)
        {
            foreach (ref readonly var order in part.Orders.Span) if (order.At >= ms) return true;
            foreach (ref readonly var deal in part.Deals.Span) if (deal.At >= ms) return true;
            if (part.Steps.Count > 0 && part.Steps.Last.At >= ms) return true;
        }
        return false;
    }

    private static byte[] KeyOf(LeadState state, int part, byte[] own) => part == 0 ? own : ActorKey.OfVisitor(state[part - 1].VisitorId);

    private void SendStored(Applied applied, in SourceVerdict verdict)
    {
        var fact = bench.Facts.Begin(RecordKind.EventStored).Add(Field.Payload, _event.Record.Span);
        StoredFields.Add(fact, _event, verdict, applied.Session < 0 ? default
            : FactWriter.SessionId(bench.Facts.Site, bench.Facts.Key, _state.Own.Sessions[applied.Session].Key), default);
        bench.Facts.Send();
    }

    private void Save(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key)
    {
        bench.Blob.Clear();
        _state.Write(bench.Blob, bench.Scratch);
        bench.Save(site, key, bench.Blob.Written, _state.Standing.DueMs);
    }
}
