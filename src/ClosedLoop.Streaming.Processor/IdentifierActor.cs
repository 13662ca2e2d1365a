using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// One e-mail, phone or id of the site's own: passes on what arrives under its name to its home, the lead that its hash names. That two
/// identifiers are one person's is known to their homes.
/// </summary>
internal static class IdentifierActor
{
    /// <summary>An event that names only the person goes on to the lead, where it is stored.</summary>
    public static void OnEvent(Workbench bench, RecordReader e)
    {
        var target = ActorKey.OfLead(IdentifierHome.LeadOf(e.Site, e.Key[1..]));
        var forward = bench.Message.Begin(RecordKind.Forwarded, e.TimeMs, Id.Derive(e.Id, target, RecordKind.Forwarded, 0), e.Site, target)
            .Add(Field.Payload, e.Record.Span).Add(Field.Identifier, e.Key[1..]);
        bench.Outbox.Message(e.Site, target, forward.Written);
        bench.Counters.ForwardedOut++;
    }
}
