using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Who names the person. Connected leads tell each other who names theirs, and each goes to the earliest it hears of; so all that are connected
/// end with one name, in whatever order they meet. The name is only ever an earlier lead, so no ring can come about. A division gives the
/// name a new turn and voids the old one, so that those who were let go don't talk each other back into it.
/// </summary>
public sealed partial class LeadActor
{
    private RootLabel OwnLabel => new(_id, _state.Since, _state.Turn);

    private RootLabel Label => _state.IsRoot ? OwnLabel : _state.Root;

    /// <summary>Another lead of the same person says who names the person for it.</summary>
    public void OnMet(RecordReader met)
    {
        Open(met);
        var other = met.IdOf(Field.FromLead);
        var identifier = met.Text(Field.Identifier);
        var cause = CauseFields.Of(met);
        if (identifier.Length > 0)
        {
            BeHomeOf(identifier, met.TimeMs, wasSaid: false);
            if (!_state.Knots.Contains(other) && _state.Knots.Count < LeadState.KnotsMax) _state.Knots.Add(other);
        }
        var label = new RootLabel(met.IdOf(Field.RootLead), met.Int(Field.RootSince), met.Int(Field.RootTurn));
        var isRoot = other == _state.Root.Lead && label.Lead == other;
        // Of a merge that this side has not heard of, or no longer: whoever hears of it last begins the talk.
        if (!isRoot && !Neighbours().Contains(other)) return;
        Begin(met, cause);
        if (IsBetter(label)) Follow(met, label, cause);
        else if (Label.IsBefore(label) || Label.IsNewerThan(label)) SendMet(met, other, cause, "");
        Save();
    }

    private bool IsBetter(in RootLabel label)
    {
        if (IsVoid(label) || !label.IsBefore(OwnLabel)) return false;
        var best = _state.IsLeaving && !_state.Wanted.IsNone ? _state.Wanted : Label;
        return label.IsBefore(best) || label.IsNewerThan(best);
    }

    private bool IsVoid(in RootLabel label)
    {
        foreach (var (lead, turn) in _state.Void)
            if (lead == label.Lead && label.Turn <= turn) return true;
        return false;
    }

    private void Follow(RecordReader met, in RootLabel label, in Cause cause)
    {
        if (_state.IsRoot) Adopt(met, label, cause);
        else if (_state.IsLeaving) _state.Wanted = label;
        else if (label.Lead == _state.Root.Lead)
        {
            _state.Root = label;
            // Told as a guest it is one. Told as a neighbour it may just have been let go, and comes again.
            if (met.Int(Field.Handed) == 0) HandAll(met, cause, 0);
            MeetAll(met, cause);
        }
        else
        {
            (_state.IsLeaving, _state.Wanted) = (true, label);
            Ask(met, cause);
        }
    }

    /// <summary>Gives up naming a person: guests are let go and shown the way, then all that is here is handed on with what was posted for it.</summary>
    private void Adopt(RecordReader because, in RootLabel label, in Cause cause)
    {
        _state.StageTold = StageBefore();
        var guests = _state.Guests.Where(g => !g.IsArriving).ToList();
        if (guests.Count > 0)
        {
            _state.Guests.RemoveAll(g => !g.IsArriving);
            TellCredit(new Turnover(cause, because, _state.StageTold, true));
            _state.Version++;
            foreach (var guest in guests) SendReleased(because, ActorKey.OfLead(guest.Lead), cause, _state.Turn, label, isVoid: true);
        }
        _state.Turn++;
        Become(because, label, cause, VisitorActor.LedgerMoved | VisitorActor.PostedWhole);
    }

    private void Become(RecordReader because, in RootLabel label, in Cause cause, long ledger)
    {
        _state.Version++;
        (_state.Root, _state.Wanted, _state.IsLeaving) = (label, default, false);
        HandAll(because, cause, ledger);
        SendJoined();
        MeetAll(because, cause);
    }

    /// <summary>The lead that named the person lets this one go: on to an earlier one that it knows of, or alone.</summary>
    public void OnReleased(RecordReader released)
    {
        Open(released);
        var from = released.IdOf(Field.FromLead);
        if (_state.IsRoot || _state.Root.Lead != from || released.Int(Field.RootTurn) < _state.Root.Turn) return;
        var cause = CauseFields.Of(released);
        Begin(released, cause);
        _state.Version = Math.Max(_state.Version, released.Int(Field.LeadVersion)) + 1;
        _state.Standing.Sequence = Math.Max(_state.Standing.Sequence, released.Int(Field.Sequence));
        if (released.Int(Field.Void) > 0) GiveUp(from, released.Int(Field.Void) - 1);
        var hint = new RootLabel(released.IdOf(Field.RootLead), released.Int(Field.RootSince), released.Int(Field.HintTurn));
        var wanted = _state.Wanted;
        (_state.Root, _state.Wanted, _state.IsLeaving) = (default, default, false);
        var next = BetterOf(wanted, hint);
        if (!next.IsNone) Become(released, next, cause, VisitorActor.LedgerMoved);
        else Settle(released, cause);
        Save();
    }

    private RootLabel BetterOf(in RootLabel one, in RootLabel other)
    {
        var (isOne, isOther) = (!one.IsNone && !IsVoid(one) && one.IsBefore(OwnLabel), !other.IsNone && !IsVoid(other) && other.IsBefore(OwnLabel));
        if (isOne && isOther) return other.IsBefore(one) || other.IsNewerThan(one) ? other : one;
        return isOne ? one : isOther ? other : default;
    }

    private void GiveUp(Id lead, long turn)
    {
        var known = _state.Void.FindIndex(v => v.Lead == lead);
        if (known >= 0)
        {
            turn = Math.Max(turn, _state.Void[known].Turn);
            _state.Void.RemoveAt(known);
        }
        if (_state.Void.Count == LeadState.VoidMax) _state.Void.RemoveAt(0);
        _state.Void.Add((lead, turn));
    }

    /// <summary>Stands for itself: what it owns is posted anew, and judged as one change against what was told of it last.</summary>
    private void Settle(RecordReader released, in Cause cause)
    {
        var free = Free();
        TellCredit(new Turnover(cause, released, _state.StageTold, true));
        if (IsPerson)
        {
            var person = _state.AsPerson(bench.Person);
            bench.Judge.Stage(_state.Standing, person, _state.StageTold, person.StageNow().Stage, released[Field.Reason], cause);
            bench.Judge.Return(_state.Standing, person, cause);
        }
        _state.Version++;
        SendJoined();
        LetGo(new Turnover(cause, released, _state.StageTold, true), [], free);
        MeetAll(released, cause);
    }
}
