using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>Whether an event was seen before: by the sender's id for 7 days, by order, deal or imported line for ever (CONTRACT.md §3).</summary>
public static class Repetition
{
    /// <summary>False when it is a repetition; otherwise it is remembered.</summary>
    public static bool IsNew(History history, RecordReader e, ulong key)
    {
        if (e.Has(Field.OrderId) && e[Field.Name].SequenceEqual("purchase"u8) && IsKnownOrder(history, e)) return false;
        if (!RememberDeal(history, e)) return false;
        if (!e.Has(Field.EventId)) return !IsRecent(history, e.OccurredMs, key);
        var isImported = (e.Flags & EventFlags.Imported) != 0;
        if (IsKnown(history, key, e.TimeMs)) return false;
        return isImported ? RememberForEver(history, key) : Remember(history, key, e.TimeMs);
    }

    /// <summary>The very event, by the sender's or the door's id, was seen before. Nothing is remembered.</summary>
    public static bool IsSaidAgain(History history, RecordReader e, ulong key) =>
        e.Has(Field.EventId) ? IsKnown(history, key, e.TimeMs) : IsRecent(history, e.OccurredMs, key);

    public static ulong OrderKey(ReadOnlySpan<byte> orderId) => XxHash.Hash64(orderId, 0x0D);

    public static ulong DealKey(ReadOnlySpan<byte> dealId) => XxHash.Hash64(dealId, 0xDEA1);

    /// <summary>Money that is believed: it came with a key, or the site trusts its public doors.</summary>
    public static bool IsTrusted(RecordReader e) => (e.Flags & (EventFlags.Verified | EventFlags.MoneyTrusted)) != 0;

    // What a public door said of an order must not keep the shop's own word out.
    private static bool IsKnownOrder(History history, RecordReader e)
    {
        var key = OrderKey(e[Field.OrderId]);
        foreach (ref readonly var order in history.Orders.Span)
            if (order.Key == key && (order.Flags & OrderFlags.Bought) != 0) return order.Bought || !IsTrusted(e);
        return false;
    }

    // A hit without an id of its own can only come again through the log, where it keeps the door's id.
    private static bool IsRecent(History history, long at, ulong key)
    {
        var recent = history.Recent;
        for (var i = recent.Count - 1; i >= 0 && recent[i].At >= at; i--)
            if (recent[i].Key == key && recent[i].At == at) return true;
        return false;
    }

    // A deal is opened, won and lost once at one moment; where the sender names no moment, once until something else is said of it. So a deal can
    // be opened again, and a request that is sent again is a repetition for ever.
    private static bool RememberDeal(History history, RecordReader e)
    {
        if (!e.Has(Field.DealId) || !IsTrusted(e)) return true;
        var (kind, state) = e[Field.Name] switch
        {
            var n when n.SequenceEqual("deal_opened"u8) => (1UL, DealState.Open),
            var n when n.SequenceEqual("deal_won"u8) => (2UL, DealState.Won),
            var n when n.SequenceEqual("deal_lost"u8) => (3UL, DealState.Lost),
            _ => (0UL, DealState.Open),
        };
        if (kind == 0) return true;
        var deal = DealKey(e[Field.DealId]);
        if (e.Has(Field.OccurredMs)) return RememberForEver(history, deal + kind + (ulong)e.OccurredMs * 0x9E3779B97F4A7C15UL);
        return WordBefore(history, deal, e.OccurredMs) != state;
    }

    private static DealState? WordBefore(History history, ulong deal, long at)
    {
        DealState? last = null;
        foreach (ref readonly var word in history.Deals.Span)
            if (word.Key == deal && word.At <= at) last = word.State;
        return last;
    }

    private static bool RememberForEver(History history, ulong key)
    {
        var known = history.KnownForEver;
        if (known.Span.BinarySearch(key) >= 0) return false;
        if (known.Count == Limits.KnownForEverMax)
        {
            // Keys are hashes: the lowest is as good as any to be forgotten.
            history.Capped = true;
            known.RemoveRange(0, 1);
        }
        known.Insert(~known.Span.BinarySearch(key), key);
        return true;
    }

    private static bool IsKnown(History history, ulong key, long nowMs)
    {
        foreach (ref readonly var known in history.Known.Span)
            if (known.Key == key && known.UntilMs > nowMs) return true;
        return history.KnownForEver.Count > 0 && history.KnownForEver.Span.BinarySearch(key) >= 0;
    }

    private static bool Remember(History history, ulong key, long nowMs)
    {
        var known = history.Known;
        var expired = 0;
        while (expired < known.Count && known[expired].UntilMs <= nowMs) expired++;
        if (known.Count - expired >= Limits.KnownIdsMax)
        {
            expired++;
            history.Capped = true;
        }
        if (expired > 0) known.RemoveRange(0, expired);
        known.Add(new KnownId(key, nowMs + Limits.KnownMs));
        return true;
    }
}
