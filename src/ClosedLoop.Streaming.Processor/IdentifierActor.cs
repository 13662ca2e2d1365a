using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>One e-mail, phone or CRM id: knows its lead, and passes on what arrives under its name.</summary>
public sealed class IdentifierActor(Workbench bench)
{
    /// <summary>An event that names only the person goes on to the lead, where it is stored.</summary>
    public void OnEvent(RecordReader e)
    {
        var lead = LeadOf(e);
        var target = ActorKey.OfLead(lead);
        var forward = bench.Message.Begin(RecordKind.Forwarded, e.TimeMs, Id.Derive(e.Id, target, RecordKind.Forwarded, 0), e.Site, target)
            .Add(Field.Payload, e.Record.Span).Add(Field.Identifier, e.Key[1..]);
        bench.Outbox.Message(e.Site, target, forward.Written);
        bench.Counters.ForwardedOut++;
    }

    /// <summary>A visitor gave this identifier: its history goes to the lead, the lead's name goes back.</summary>
    public void OnLinkAsked(RecordReader ask)
    {
        var lead = LeadOf(ask);
        var target = ActorKey.OfLead(lead);
        var handing = bench.Message
            .Begin(RecordKind.HistoryHanded, ask.TimeMs, Id.Derive(ask.Id, target, RecordKind.HistoryHanded, 0), ask.Site, target)
            .AddRaw(ask.Fields);
        bench.Outbox.Message(ask.Site, target, handing.Written);

        var visitor = ActorKey.OfVisitor(ask.Text(Field.VisitorId));
        var made = bench.Message
            .Begin(RecordKind.LinkMade, ask.TimeMs, Id.Derive(ask.Id, visitor, RecordKind.LinkMade, 0), ask.Site, visitor)
            .Add(Field.LeadId, lead).Add(Field.Version, ask[Field.Version]).Add(Field.CauseId, ask[Field.CauseId])
            .Add(Field.CauseName, ask[Field.CauseName]).Add(Field.CauseMs, ask[Field.CauseMs]).Add(Field.CausePage, ask[Field.CausePage]);
        bench.Outbox.Message(ask.Site, visitor, made.Written);
    }

    /// <summary>A lead says that this identifier is its own too. Whoever came first keeps it.</summary>
    public void OnGiven(RecordReader given)
    {
        var state = bench.Load(given.Site, given.Key);
        var lead = given.IdOf(Field.LeadId);
        if (state.IsEmpty) Save(given, new IdentifierState(lead, given.TimeMs));
        else if (IdentifierState.Read(state).Lead != lead) bench.Counters.IdentifierConflicts++;
    }

    private Id LeadOf(RecordReader record)
    {
        var state = bench.Load(record.Site, record.Key);
        if (!state.IsEmpty) return IdentifierState.Read(state).Lead;
        var lead = IdentifierState.LeadOf(record.Site, record.Key[1..]);
        Save(record, new IdentifierState(lead, record.TimeMs));
        return lead;
    }

    private void Save(RecordReader record, IdentifierState state)
    {
        bench.Blob.Clear();
        state.Write(bench.Blob);
        bench.Save(record.Site, record.Key, bench.Blob.Written, 0);
    }
}
