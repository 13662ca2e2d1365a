using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Two browsers that somebody said are one person's. Both remember the pair, and what was said last of it stands; their leads, told with every
/// hand-over, find each other by it. A browser that nobody has named gets a lead of its own for as long as it is merged.
/// </summary>
public sealed partial class VisitorActor
{
    /// <summary>visitors_merged, visitors_unmerged. An undoing of what was never done is remembered, because the doing may still be on its way.</summary>
    private void Meet(RecordReader e, Stage told)
    {
        var other = e.Text(Field.OtherVisitorId);
        var isMerged = e[Field.Name].SequenceEqual("visitors_merged"u8);
        if (!isMerged && !e[Field.Name].SequenceEqual("visitors_unmerged"u8)) return;
        if (Utf8Same(other, bench.Facts.Key[1..]) || (e.Flags & EventFlags.ActOnly) != 0) return;
        var said = new VisitorMerge(other, e.OccurredMs, HistoryWriter.KeyOf(e), isMerged, Id.None);
        if (!_state.Remember(said)) return;
        EnsureHome(e.Site, told);
        Tell(e, said, CauseOf(e).AsLink(), wantsAnswer: true);
    }

    /// <summary>The other browser says so.</summary>
    public void OnMet(RecordReader met)
    {
        _state.Read(bench.Load(met.Site, met.Key));
        bench.Facts.About(met.Site, met.Key, met.IdOf(Field.CauseId), met.TimeMs);
        var cause = CauseFields.Of(met);
        CatchUp(met.TimeMs);
        bench.Facts.Because(cause.Id, met.Id, met.TimeMs);
        var said = new VisitorMerge(met.Text(Field.VisitorId), met.OccurredMs, (ulong)met.Int(Field.EventKey), met.Int(Field.IsMerged) == 1, met.IdOf(Field.OtherLead));
        if (!_state.Remember(said) && met.Int(Field.WantsAnswer) == 0) return;
        var wasAnonymous = _state.Link == Link.None;
        EnsureHome(met.Site, bench.Person.Of(_state.History).StageNow().Stage);
        if (met.Int(Field.WantsAnswer) == 1) Tell(met, _state.Merges.Find(m => m.Other == said.Other), cause, wantsAnswer: false);
        _state.Version++;
        if (_state.Link == Link.Made) HandOver(met, cause, wasAnonymous ? LedgerMoved | PostedAlone : 0, wasAnonymous);
        Save(met.Site, met.Key);
    }

    /// <summary>The lead lets the browser go: nothing connects it with anybody any more, unless it has been named or merged meanwhile.</summary>
    public void OnReleased(RecordReader released)
    {
        _state.Read(bench.Load(released.Site, released.Key));
        if (_state.Link != Link.Made || _state.Lead != released.IdOf(Field.FromLead)) return;
        var cause = CauseFields.Of(released);
        bench.Facts.About(released.Site, released.Key, cause.Id, released.TimeMs);
        bench.Facts.Because(cause.Id, released.Id, released.TimeMs);
        _state.Version = Math.Max(_state.Version, released.Int(Field.LeadVersion)) + 1;
        _state.Standing.Sequence = Math.Max(_state.Standing.Sequence, released.Int(Field.Sequence));
        if (_state.IsNamed || _state.IsMerged) HandOver(released, cause, LedgerMoved, isFirst: true);
        else StandAlone(released, cause);
        Save(released.Site, released.Key);
    }

    private void StandAlone(RecordReader released, in Cause cause)
    {
        _state.Link = Link.None;
        _state.Lead = Id.None;
        _state.Identifier = "";
        var key = released.Key.ToArray();
        var rules = bench.Rules.Of(released.Site);
        var person = bench.Person.Of(_state.History);
        bench.Credit.Begin();
        bench.Credit.Now(person, released.Site, rules, _ => key);
        bench.Credit.Tell(rules, _state.Version, "");
        if (_state.History.IsEmpty) return;
        bench.Judge.Stage(_state.Standing, person, _state.StageTold, person.StageNow().Stage, released[Field.Reason], cause);
        bench.Judge.Return(_state.Standing, person, cause);
    }

    private void CatchUp(long nowMs)
    {
        if (_state.Link == Link.None) bench.Judge.CatchUp(_state.Standing, bench.Person.Of(_state.History), nowMs);
    }

    private void EnsureHome(ReadOnlySpan<byte> site, Stage told)
    {
        if (_state.Link == Link.None && _state.IsMerged) BelongTo(site, "v:" + FactWriter.Text(bench.Facts.Key[1..]), told);
    }

    private void Tell(RecordReader from, in VisitorMerge said, in Cause cause, bool wantsAnswer)
    {
        if (said.Other is null) return;
        var target = ActorKey.OfVisitor(said.Other);
        var site = bench.Facts.Site;
        var message = bench.Message.Begin(RecordKind.VisitorMet, from.TimeMs, Id.Derive(from.Id, target, RecordKind.VisitorMet, 0), site, target)
            .Add(Field.VisitorId, bench.Facts.Key[1..]).Add(Field.OccurredMs, said.At).Add(Field.EventKey, (long)said.Key)
            .Add(Field.IsMerged, said.IsMerged ? 1L : 0L).Add(Field.WantsAnswer, wantsAnswer ? 1L : 0L).Add(Field.Reason, from[Field.Reason]).AddCause(cause);
        if (_state.Link == Link.Made) message.Add(Field.OtherLead, _state.Lead);
        bench.Outbox.Message(site, target, message.Written);
    }

    private static byte[] KnotsOf(VisitorState state)
    {
        var knots = new List<byte>();
        Span<byte> id = stackalloc byte[Id.Bytes];
        foreach (var merge in state.Merges)
        {
            if (!merge.IsMerged || merge.OtherLead == Id.None || merge.OtherLead == state.Lead) continue;
            merge.OtherLead.Write(id);
            knots.AddRange(id);
        }
        return [.. knots];
    }

    private static bool Utf8Same(string text, ReadOnlySpan<byte> utf8) => FactWriter.Text(utf8) == text;
}
