using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>Whether an event was seen before: by the sender's id for 7 days, by order, deal or imported line for ever (CONTRACT.md §3).</summary>
public static class Repetition
{
    /// <summary>False when it is a repetition; otherwise it is remembered.</summary>
    public static bool IsNew(History history, RecordReader e, ulong key)
    {
        if (e.Has(Field.OrderId) && e[Field.Name].SequenceEqual("purchase"u8) && HasOrder(history, OrderKey(e[Field.OrderId]))) return false;
        var isImported = (e.Flags & EventFlags.Imported) != 0;
        if (!RememberDeal(history, e)) return false;
        if (!e.Has(Field.EventId)) return !IsRecent(history, e.OccurredMs, key);
        return isImported ? RememberForEver(history, key) : Remember(history, key, e.TimeMs);
    }

    public static ulong OrderKey(ReadOnlySpan<byte> orderId) => XxHash.Hash64(orderId, 0x0D);

    public static ulong DealKey(ReadOnlySpan<byte> dealId) => XxHash.Hash64(dealId, 0xDEA1);

    private static bool HasOrder(History history, ulong key)
    {
        foreach (ref readonly var order in history.Orders.Span)
            if (order.Key == key && (order.Flags & OrderFlags.Bought) != 0) return true;
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

    private static bool RememberDeal(History history, RecordReader e)
    {
        if (!e.Has(Field.DealId)) return true;
        ulong kind = e[Field.Name] switch
        {
            var n when n.SequenceEqual("deal_opened"u8) => 1,
            var n when n.SequenceEqual("deal_won"u8) => 2,
            var n when n.SequenceEqual("deal_lost"u8) => 3,
            _ => 0,
        };
        return kind == 0 || RememberForEver(history, DealKey(e[Field.DealId]) + kind);
    }

    private static bool RememberForEver(History history, ulong key)
    {
        var known = history.KnownForEver;
        var place = known.Span.BinarySearch(key);
        if (place >= 0) return false;
        if (known.Count == Limits.KnownForEverMax)
        {
            history.Capped = true;
            known.RemoveRange(0, 1);
            place = Math.Min(place, ~known.Count);
        }
        var target = ~known.Span.BinarySearch(key);
        known.Insert(target, key);
        return true;
    }

    private static bool Remember(History history, ulong key, long nowMs)
    {
        var known = history.Known;
        var expired = 0;
        for (var i = 0; i < known.Count; i++)
        {
            if (known[i].Key == key && known[i].UntilMs > nowMs) return false;
            if (known[i].UntilMs <= nowMs && expired == i) expired++;
        }
        if (history.KnownForEver.Span.BinarySearch(key) >= 0) return false;
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
