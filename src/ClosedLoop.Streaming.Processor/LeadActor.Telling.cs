using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What a change of the person's memory means to those who are told: ledger, stage, segments.</summary>
public sealed partial class LeadActor
{
    /// <param name="Because">What brought it; its reason is told with a stage.</param>
    /// <param name="IsLedgerMoved">Credit may have changed.</param>
    private readonly record struct Turnover(Cause Cause, RecordReader Because, Stage StageBefore, bool IsLedgerMoved)
    {
        /// <summary>Somebody whose own postings are taken over with this.</summary>
        public (Person Person, Func<int, byte[]> KeyOf)? Posted { get; init; }
        public string VisitorId { get; init; } = "";
        /// <summary>An act of somebody who opted out counts, and nobody is told.</summary>
        public bool IsSilent { get; init; }
    }

    /// <summary>After every change of somebody who names a person: who is no longer connected leaves, then the rest is told of.</summary>
    private void Conclude(in Turnover turnover)
    {
        var leaving = Divide();
        var free = Free();
        if (turnover.IsLedgerMoved || leaving.Count + free.Count > 0) TellCredit(turnover);
        _state.Version++;
        if (IsPerson && !turnover.IsSilent)
        {
            var person = _state.AsPerson(bench.Person);
            bench.Judge.Stage(_state.Standing, person, turnover.StageBefore, person.StageNow().Stage, turnover.Because[Field.Reason], turnover.Cause);
            if (bench.Credit.Deals.Count > 0) bench.Judge.Deals(_state.Standing, person, bench.Credit.Deals, turnover.Cause);
            bench.Judge.OnEvent(_state.Standing, person, turnover.Cause);
        }
        LetGo(turnover, leaving, free);
    }

    private void TellCredit(in Turnover turnover)
    {
        var site = bench.Facts.Site;
        var rules = bench.Rules.Of(site);
        bench.Credit.Begin();
        // A guest has posted nothing: whoever names the person has.
        if (_before.IsRoot) bench.Credit.Before(_before.AsPerson(bench.PersonBefore), site, rules, i => _before.KeyOf(i, _key));
        if (turnover.Posted is { } posted) bench.Credit.Before(posted.Person, site, rules, posted.KeyOf);
        if (_state.IsRoot) bench.Credit.Now(_state.AsPerson(bench.Person), site, rules, i => _state.KeyOf(i, _key));
        bench.Credit.Tell(rules, _state.Version + 1, turnover.VisitorId);
    }

    /// <summary>What a browser had posted as an anonymous person of its own.</summary>
    private static (Person, Func<int, byte[]>) Alone(Handed browser)
    {
        var key = VisitorKey(browser);
        return (new Person().Of(browser.History), _ => key);
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

    private void SendLinked(Handed browser, bool deleted)
    {
        var fact = bench.Facts.Begin(RecordKind.LeadLinked).Add(Field.VisitorId, browser.VisitorId).Add(Field.Identifier, browser.Identifier)
            .Add(Field.Evidence, browser.Identifier switch
            {
                ['e', ..] => "email"u8,
                ['p', ..] => "phone"u8,
                ['v', ..] => "merge"u8,
                _ => "external_id"u8,
            }).Add(Field.Version, _state.Version);
        // The last one counts: a browser is linked with the lead that names the person.
        if (!_state.IsRoot) fact.Add(Field.LeadId, _state.Root.Lead.ToString());
        if (deleted) fact.Add(Field.Deleted, 1L);
        bench.Facts.Send();
    }

    /// <summary>Whose this lead is now: another's, its own, or nobody's any longer.</summary>
    private void SendName()
    {
        var fact = bench.Facts.Begin(RecordKind.LeadJoined).Add(Field.Identifier, _state.Identifier).Add(Field.Version, _state.Version);
        if (!_state.IsRoot) fact.Add(Field.RootLead, _state.Root.Lead.ToString());
        else if (!_state.IsEmpty) fact.Add(Field.RootLead, _id.ToString()).Add(Field.Deleted, 1L);
        bench.Facts.Send();
    }

    /// <summary>The same, also of its browsers.</summary>
    private void SendJoined()
    {
        SendName();
        for (var i = 0; i < _state.BrowserCount; i++) SendLinked(_state[i], deleted: false);
    }
}
