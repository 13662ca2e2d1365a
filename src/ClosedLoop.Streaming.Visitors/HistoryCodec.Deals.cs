namespace ClosedLoop.Streaming.Visitors;

public static partial class HistoryCodec
{
    // Words of one deal stand beside one another: its id is written once.
    private static void WriteDeals(History h, BlobWriter to)
    {
        to.Unsigned((ulong)h.Deals.Count);
        var last = 0UL;
        foreach (ref readonly var d in h.Deals.Span)
        {
            to.Fixed(d.Key);
            if (d.Key != last) to.Text(h[d.DealId]);
            last = d.Key;
            to.Text(h[d.Step]); to.Text(h[d.Reason]); to.Signed(d.At); to.Fixed(d.AtKey);
            to.Unsigned((ulong)d.State); to.Signed(d.Amount); to.Signed(d.Profit); to.Signed(d.Day);
            to.Unsigned((ulong)d.Flags | (d.OrderKey == 0 ? 0UL : 4UL));
            if (d.OrderKey != 0) to.Fixed(d.OrderKey);
        }
    }

    private static void ReadDeals(History h, ref BlobReader from)
    {
        var (last, id) = (0UL, default(TextRef));
        for (var n = from.Count(Limits.DealWordsMax); n > 0; n--)
        {
            var key = from.Fixed();
            if (key != last) id = from.Text();
            last = key;
            var word = new Deal(key, id, from.Text(), from.Text(), from.Signed(), from.Fixed(), (DealState)from.Count(2), from.Signed(),
                from.Signed(), (int)from.Signed(), DealFlags.None, 0);
            var marks = from.Unsigned();
            h.Deals.Add(word with { Flags = (DealFlags)(marks & 3), OrderKey = (marks & 4) != 0 ? from.Fixed() : 0 });
        }
    }
}
