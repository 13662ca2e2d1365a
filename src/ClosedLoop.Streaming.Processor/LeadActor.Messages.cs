using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What leads of one person send each other.</summary>
public sealed partial class LeadActor
{
    private RecordWriter Message(RecordReader because, RecordKind kind, byte[] target, in Cause cause) => bench.Message
        .Begin(kind, because.TimeMs, Id.Derive(because.Id, target, kind, _messages++), bench.Facts.Site, target)
        .Add(Field.FromLead, _id).Add(Field.Reason, because[Field.Reason]).AddCause(cause);

    private void Send(byte[] target, RecordWriter message) => bench.Outbox.Message(bench.Facts.Site, target, message.Written);

    /// <param name="identifier">Given beside this one: the two are one person's for good; empty for a merge.</param>
    /// <param name="asGuest">The other is a guest here as of now.</param>
    private void SendMet(RecordReader because, Id lead, in Cause cause, string identifier, bool asGuest = false)
    {
        var target = ActorKey.OfLead(lead);
        var label = Label;
        Send(target, Message(because, RecordKind.LeadMet, target, cause).Add(Field.RootLead, label.Lead).Add(Field.RootSince, label.Since)
            .Add(Field.RootTurn, label.Turn).Add(Field.Identifier, identifier)
            .Add(Field.Handed, asGuest ? 1L : 0L));
    }

    private void MeetAll(RecordReader because, in Cause cause)
    {
        foreach (var lead in Neighbours()) SendMet(because, lead, cause, "");
    }

    /// <summary>All histories of this lead, in one piece of several messages.</summary>
    private void HandAll(RecordReader because, in Cause cause, long ledger)
    {
        var parts = new List<(byte[] Key, History History, long Version)>();
        // Of a lead of browsers alone a rule may have told a stage here.
        if (!_state.Own.IsEmpty || _state.Own.Steps.Count > 0) parts.Add((_key, _state.Own, _state.Version));
        for (var i = 0; i < _state.BrowserCount; i++) parts.Add((VisitorKey(_state[i]), _state[i].History, _state[i].Version));
        if (parts.Count == 0) parts.Add(([], _state.Own, _state.Version));
        for (var i = 0; i < parts.Count; i++)
            HandOn(because, cause, parts[i].Key, parts[i].History, parts[i].Version, ledger, isWhole: true, moreFollows: i + 1 < parts.Count);
    }

    private void HandOn(RecordReader because, in Cause cause, byte[] key, History history, long version, long ledger, bool isWhole = false, bool moreFollows = false)
    {
        // Between two names there is nobody to tell; whoever is next gets all.
        if (_state.IsLeaving) return;
        var target = ActorKey.OfLead(_state.Root.Lead);
        var message = Message(because, RecordKind.PartHanded, target, cause).Add(Field.Identifier, _state.Identifier)
            .Add(Field.RootTurn, _state.Root.Turn).Add(Field.Knots, BytesOf(Neighbours())).Add(Field.Handed, ledger)
            .Add(Field.Version, version).Add(Field.LeadVersion, _state.Version).Add(Field.Sequence, _state.Standing.Sequence);
        if (moreFollows) message.Add(Field.MoreFollows, 1L);
        if (key.Length > 0)
        {
            bench.Blob.Clear();
            HistoryCodec.Write(history, bench.Blob);
            message.Add(Field.PartKey, key).Add(Field.Payload, bench.Blob.Written);
        }
        if (isWhole)
        {
            bench.Blob.Clear();
            _state.Standing.Write(bench.Blob);
            message.Add(Field.Membership, bench.Blob.Written).Add(Field.PreviousStage, (long)_state.StageTold);
        }
        Send(target, message);
    }

    /// <summary>Asks the lead that named the person so far to let go, because an earlier one is known.</summary>
    private void Ask(RecordReader because, in Cause cause)
    {
        var target = ActorKey.OfLead(_state.Root.Lead);
        Send(target, Message(because, RecordKind.PartHanded, target, cause).Add(Field.RootTurn, _state.Root.Turn).Add(Field.Deleted, 1L));
    }

    /// <param name="turn">The name's turn that the guest is released from.</param>
    /// <param name="next">Where to go; none: its own way.</param>
    private void SendReleased(RecordReader because, byte[] target, in Cause cause, long turn, in RootLabel next, bool isVoid, long voidTurn = 0)
    {
        var message = Message(because, RecordKind.Released, target, cause).Add(Field.RootTurn, turn)
            .Add(Field.LeadVersion, _state.Version).Add(Field.Sequence, _state.Standing.Sequence);
        // Turns count from 0; a void turn is written one higher, so that 0 is none.
        if (isVoid) message.Add(Field.Void, Math.Max(turn, voidTurn) + 1);
        if (!next.IsNone) message.Add(Field.RootLead, next.Lead).Add(Field.RootSince, next.Since).Add(Field.HintTurn, next.Turn);
        Send(target, message);
    }
}
