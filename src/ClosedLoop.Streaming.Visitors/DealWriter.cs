using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// What sales say of deals, word by word: opened, moved, won, lost, and open again. All words are kept, by (deal, time, id), so that the order
/// of arrival doesn't matter; what they come to is <see cref="Person.AllDeals"/>.
/// </summary>
internal static class DealWriter
{
    public static void Apply(History history, RecordReader e, long at, ulong key, DealState state, SiteRules site)
    {
        // A deal without a key would put anybody "in progress".
        if (!Repetition.IsTrusted(e) || !e.Has(Field.DealId)) return;
        // Also where something later has been said already: whoever won a deal once became a customer then.
        if (state == DealState.Won) StageWriter.Add(history, new StageStep(at, key, Stage.Customer, false, false));
        if (history.Deals.Count == Limits.DealWordsMax)
        {
            history.Capped = true;
            return;
        }
        var dealKey = Repetition.DealKey(e[Field.DealId]);
        var place = 0;
        while (place < history.Deals.Count && IsBefore(history.Deals[place], dealKey, at, key)) place++;
        history.Deals.Insert(place, WordOf(history, e, dealKey, IdOf(history, dealKey, e), at, key, state, site));
        Thin(history.Deals, dealKey, history.NewestAt - Limits.LateMsMax);
    }

    private static bool IsBefore(in Deal word, ulong dealKey, long at, ulong key) =>
        word.Key != dealKey ? word.Key < dealKey : word.At != at ? word.At < at : word.AtKey < key;

    private static TextRef IdOf(History history, ulong dealKey, RecordReader e)
    {
        foreach (ref readonly var known in history.Deals.Span)
            if (known.Key == dealKey) return known.DealId;
        return history.Keep(e[Field.DealId], 128);
    }

    private static Deal WordOf(History history, RecordReader e, ulong dealKey, TextRef id, long at, ulong key, DealState state, SiteRules site)
    {
        var flags = DealFlags.None;
        if (e.Has(Field.Revenue) || e.Has(Field.Amount)) flags |= DealFlags.AmountKnown;
        if (e.Has(Field.GrossProfit)) flags |= DealFlags.ProfitKnown;
        return new Deal(dealKey, id, history.Keep(e[Field.DealStage], 64), history.Keep(e[Field.Reason]), at, key, state,
            e.Has(Field.Revenue) ? e.Int(Field.Revenue) : e.Int(Field.Amount), e.Int(Field.GrossProfit), MoneyWriter.DayOf(at, site.Zone),
            flags, e.Has(Field.OrderId) ? Repetition.OrderKey(e[Field.OrderId]) : 0);
    }

    // Of moves one after the other the last counts, of a win or a loss that is said again the first. Only behind 72 h, where nothing comes
    // between any more.
    private static void Thin(Slots<Deal> words, ulong dealKey, long boundary)
    {
        for (var i = words.Count - 1; i > 0; i--)
        {
            if (words[i].Key != dealKey || words[i - 1].Key != dealKey || words[i].State != words[i - 1].State || words[i].At >= boundary) continue;
            if (words[i].State != DealState.Open) words.RemoveRange(i, 1);
            else if ((words[i].Flags & DealFlags.AmountKnown) != 0) words.RemoveRange(i - 1, 1);
        }
    }
}
