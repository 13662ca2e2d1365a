using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Whoever bought or opened a deal tells the order or the deal so, and gets what the shop or sales say of it without naming anybody.</summary>
internal static class OrderClaims
{
    /// <param name="bench">Its facts are about the actor that has the event.</param>
    public static void Tell(Workbench bench, RecordReader e)
    {
        // What a public door says of an order must not draw the shop's refunds to whoever said it.
        if (!Repetition.IsTrusted(e) || (e.Flags & EventFlags.ActOnly) != 0) return;
        var name = e[Field.Name];
        if (e.Has(Field.OrderId) && name.SequenceEqual("purchase"u8)) Tell(bench, e, "o:"u8, e[Field.OrderId], presumed: false);
        else if (e.Has(Field.DealId) && name.StartsWith("deal_"u8))
        {
            Tell(bench, e, "d:"u8, e[Field.DealId], presumed: false);
            // A shop's refund names an order, and of a deal there is no other name; an order that is really called so comes first.
            Tell(bench, e, "o:"u8, e[Field.DealId], presumed: true);
            // The order that sales say it became.
            if (e.Has(Field.OrderId)) Tell(bench, e, "o:"u8, e[Field.OrderId], presumed: true);
        }
    }

    private static void Tell(Workbench bench, RecordReader e, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> reference, bool presumed)
    {
        byte[] target = [ActorKey.Identifier, .. kind, .. reference];
        if (target.Length > Partitioning.KeyBytesMax) return;
        var site = bench.Facts.Site;
        var claim = bench.Message.Begin(RecordKind.IdentifierGiven, e.TimeMs, Id.Derive(e.Id, target, RecordKind.IdentifierGiven, 0), site, target)
            .Add(Field.PartKey, bench.Facts.Key);
        if (presumed) claim.Add(Field.Presumed, 1L);
        bench.Outbox.Message(site, target, claim.Written);
    }
}
