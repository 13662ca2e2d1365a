using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>One person: what the browsers handed over and what was said of the person, judged and credited as one.</summary>
public sealed class LeadActor(Workbench bench)
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
        var cause = new Cause("event", handing.IdOf(Field.CauseId), handing.Text(Field.CauseName), handing.Int(Field.CauseMs),
            handing.TimeMs, handing.Text(Field.CausePage), visitorId);
        Begin(site, key, blob, cause);

        browser ??= _state.Add(visitorId);
        if (browser is null) return;
        if (isFirst) TakeOver(handing, browser);
        browser.Version = handing.Int(Field.Version);
        HistoryCodec.Read(browser.History, handing[Field.Payload]);
        var rules = bench.Rules.Of(site);
        if (isFirst) SendLinked(browser);
        LearnIdentifiers(handing, site);
        if (isFirst || handing.Int(Field.Handed) == 1) TellCredit(site, rules, visitorId, isFirst ? handing : null);
        Finish(site, key, (Stage)Math.Max((int)StageBefore(), (int)handing.Int(Field.PreviousStage)), handing[Field.Reason], cause);
    }

    /// <summary>An event that named only the person.</summary>
    public void OnForwarded(RecordReader forwarded)
    {
        bench.Counters.ForwardedIn++;
        if (!_event.TryRead(forwarded[Field.Payload].ToArray())) return;
        var site = forwarded.Site;
        var key = forwarded.Key;
        var blob = bench.Load(site, key);
        _state.Read(blob);
        var cause = VisitorActor.CauseOf(_event, _state.Own);
        Begin(site, key, blob, cause);
        bench.Sessions.Remember(_state.Own);
        var rules = bench.Rules.Of(site);
        var applied = HistoryWriter.Apply(_state.Own, _event, StoredFields.Resolve(_event, rules), rules);
        if (applied.Outcome == Outcome.Duplicate)
        {
            bench.Counters.Duplicates++;
            Save(site, key);
            return;
        }
        bench.Counters.Stored++;
        SendStored(applied, rules);
        bench.Sessions.Tell(_state.Own, _state.Version + 1);
        LearnIdentifiers(_event, site, forwarded.Text(Field.Identifier));
        TellCredit(site, rules, "", null);
        Finish(site, key, StageBefore(), _event[Field.Reason], cause);
    }

    public void OnDue(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, long nowMs)
    {
        _state.Read(blob);
        bench.Facts.About(site, key, Id.None, nowMs);
        bench.Judge.CatchUp(_state.Standing, _state.AsPerson(bench.Person), nowMs);
        Save(site, key);
    }

    private void Begin(ReadOnlySpan<byte> site, ReadOnlySpan<byte> key, ReadOnlySpan<byte> blob, in Cause cause)
    {
        _before.Read(blob);
        bench.Facts.About(site, key, cause.Id, cause.NowMs);
        bench.Judge.CatchUp(_state.Standing, _state.AsPerson(bench.Person), cause.NowMs);
        bench.Facts.Because(cause.Id, cause.NowMs);
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

    private void TakeOver(RecordReader handing, Handed browser)
    {
        browser.SinceMs = handing.TimeMs;
        browser.Identifier = handing.Text(Field.Identifier);
        if (!handing.Has(Field.Membership)) return;
        var from = new BlobReader(handing[Field.Membership]);
        _standing.Read(ref from);
        if (!_state.Standing.WasJudged) _state.Standing.TakeOver(_standing);
        else _state.Standing.Sequence = Math.Max(_state.Standing.Sequence, _standing.Sequence);
    }

    private void LearnIdentifiers(RecordReader from, ReadOnlySpan<byte> site, string cameBy = "")
    {
        var given = ActorKey.IdentifiersOf(from.TextOrNull(Field.Email), from.TextOrNull(Field.ExternalId), from.TextOrNull(Field.Phone)).ToList();
        if (cameBy.Length == 0) cameBy = from.Text(Field.Identifier);
        if (cameBy.Length > 0 && !given.Contains(cameBy)) given.Insert(0, cameBy);
        // Another e-mail than the known ones may be another person's: such a hit teaches nothing here.
        var email = given.Find(i => i.StartsWith("e:", StringComparison.Ordinal));
        var knowsEmail = _state.Identifiers.Exists(i => i.StartsWith("e:", StringComparison.Ordinal));
        if (email is not null && knowsEmail && !_state.Identifiers.Contains(email)) return;
        foreach (var identifier in given)
        {
            if (_state.Identifiers.Contains(identifier) || _state.Identifiers.Count == LeadState.IdentifiersMax) continue;
            _state.Identifiers.Add(identifier);
            if (identifier == cameBy) continue;
            var target = ActorKey.OfIdentifier(identifier);
            var lead = Id.TryParse(FactWriter.Text(bench.Facts.Key[1..]), out var id) ? id : Id.None;
            var tell = bench.Message.Begin(RecordKind.IdentifierGiven, from.TimeMs, Id.Derive(from.Id, target, RecordKind.IdentifierGiven, 0), site, target)
                .Add(Field.LeadId, lead);
            bench.Outbox.Message(site, target, tell.Written);
        }
    }

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

    private static byte[] KeyOf(LeadState state, int part, byte[] own) => part == 0 ? own : ActorKey.OfVisitor(state[part - 1].VisitorId);

    private void SendLinked(Handed browser)
    {
        bench.Facts.Begin(RecordKind.LeadLinked).Add(Field.VisitorId, browser.VisitorId).Add(Field.Identifier, browser.Identifier)
            .Add(Field.Evidence, browser.Identifier.StartsWith("e:", StringComparison.Ordinal) ? "email"u8 : browser.Identifier.StartsWith("p:", StringComparison.Ordinal) ? "phone"u8 : "external_id"u8)
            .Add(Field.Version, 1L);
        bench.Facts.Send();
    }

    private void SendStored(Applied applied, SiteRules rules)
    {
        var fact = bench.Facts.Begin(RecordKind.EventStored).Add(Field.Payload, _event.Record.Span);
        StoredFields.Add(fact, _event, rules, applied.Session < 0 ? default
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
