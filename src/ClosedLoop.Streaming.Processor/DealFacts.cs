using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>A row per word of sales about a deal, as it was said; what counts in the end is in the conversions.</summary>
internal static class DealFacts
{
    /// <summary>Sends a DealChanged when the event speaks of a deal and is believed.</summary>
    public static void Tell(FactWriter facts, RecordReader e, SiteRules rules, long version)
    {
        if (!e.Has(Field.DealId) || !Repetition.IsTrusted(e)) return;
        var end = e[Field.Name] switch
        {
            var n when n.SequenceEqual("deal_won"u8) => "won"u8,
            var n when n.SequenceEqual("deal_lost"u8) => "lost"u8,
            var n when n.SequenceEqual("deal_opened"u8) => "open"u8,
            var n when n.SequenceEqual("deal_moved"u8) => "open"u8,
            _ => default,
        };
        if (end.IsEmpty) return;
        var fact = facts.Begin(RecordKind.DealChanged)
            .Add(Field.DealId, e[Field.DealId]).Add(Field.DealStage, e.Has(Field.DealStage) ? e[Field.DealStage] : end)
            .Add(Field.Amount, e.Int(e.Has(Field.Revenue) ? Field.Revenue : Field.Amount)).Add(Field.Currency, rules.Currency)
            .Add(Field.Reason, e[Field.Reason]).Add(Field.OccurredMs, e.OccurredMs).Add(Field.Version, version);
        fact.Add(Field.Name, e[Field.Name]);
        facts.Send();
    }
}
