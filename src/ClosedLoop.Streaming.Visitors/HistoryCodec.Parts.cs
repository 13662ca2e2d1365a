namespace ClosedLoop.Streaming.Visitors;

public static partial class HistoryCodec
{
    private static void WriteSessions(History h, BlobWriter to)
    {
        to.Unsigned((ulong)h.SessionsDropped);
        WriteItems(h.Folded, to);
    }

    private static void WritePerson(History h, Part parts, BlobWriter to)
    {
        if ((parts & Part.Said) != 0)
        {
            to.Unsigned((ulong)h.Said.Count);
            foreach (ref readonly var s in h.Said.Span) { to.Signed(s.At); to.Fixed(s.Key); to.Unsigned((ulong)s.Source); to.Unsigned(s.Evidence); }
        }
        if ((parts & Part.Forms) != 0)
        {
            to.Unsigned((ulong)h.Forms.Count);
            foreach (ref readonly var f in h.Forms.Span) { to.Text(h[f.Name]); to.Signed(f.At); }
        }
        if ((parts & Part.Contacts) != 0) WriteTallies(h, h.ContactChannels, to);
        if ((parts & Part.Categories) != 0) WriteTallies(h, h.Categories, to);
        if ((parts & Part.Traits) != 0)
        {
            to.Unsigned((ulong)h.Traits.Count);
            foreach (ref readonly var t in h.Traits.Span) { to.Text(h[t.Name]); to.Text(h[t.Value]); to.Signed(t.At); to.Fixed(t.Key); }
        }
        if ((parts & Part.Score) != 0) { to.Unsigned((ulong)h.Score); to.Signed(h.ScoreAt); to.Fixed(h.ScoreKey); }
        if ((parts & Part.Consent) != 0) { to.Unsigned((ulong)h.ConsentSaid); to.Signed(h.ConsentAt); }
        if ((parts & Part.Texts) == 0) return;
        WriteLast(h, h.Country, to); WriteLast(h, h.Device, to); WriteLast(h, h.ExternalId, to);
        WriteLast(h, h.EmailSealed, to); WriteLast(h, h.LostReason, to);
    }

    private static void ReadPerson(History h, Part parts, ref BlobReader from)
    {
        if ((parts & Part.Said) != 0)
            for (var n = from.Count(Limits.SaidSourcesMax); n > 0; n--)
                h.Said.Add(new SaidSource(from.Signed(), from.Fixed(), (short)(from.Count(h.Sources.Count - 1)), (byte)from.Count(2)));
        if ((parts & Part.Forms) != 0)
            for (var n = from.Count(Limits.FormsMax); n > 0; n--) h.Forms.Add(new NamedMoment(from.Text(), from.Signed()));
        if ((parts & Part.Contacts) != 0) ReadTallies(h.ContactChannels, Limits.ContactChannelsMax, ref from);
        if ((parts & Part.Categories) != 0) ReadTallies(h.Categories, Limits.CategoriesMax, ref from);
        if ((parts & Part.Traits) != 0)
            for (var n = from.Count(Limits.TraitsMax); n > 0; n--) h.Traits.Add(new TraitValue(from.Text(), from.Text(), from.Signed(), from.Fixed()));
        if ((parts & Part.Score) != 0) { h.Score = from.Count(10); h.ScoreAt = from.Signed(); h.ScoreKey = from.Fixed(); }
        if ((parts & Part.Consent) != 0) { h.ConsentSaid = from.Count(2); h.ConsentAt = from.Signed(); }
        if ((parts & Part.Texts) == 0) return;
        h.Country = ReadLast(h, ref from); h.Device = ReadLast(h, ref from); h.ExternalId = ReadLast(h, ref from);
        h.EmailSealed = ReadLast(h, ref from); h.LostReason = ReadLast(h, ref from);
    }

    private static void WriteTallies(History h, Slots<NamedCount> tallies, BlobWriter to)
    {
        to.Unsigned((ulong)tallies.Count);
        foreach (ref readonly var t in tallies.Span) { to.Text(h[t.Name]); to.Signed(t.Count); to.Signed(t.LastAt); }
    }

    private static void ReadTallies(Slots<NamedCount> tallies, int max, ref BlobReader from)
    {
        for (var n = from.Count(max); n > 0; n--) tallies.Add(new NamedCount(from.Text(), from.Signed(), from.Signed()));
    }

    private static void WriteLast(History h, LastText last, BlobWriter to)
    {
        to.Text(h[last.Text]);
        if (last.Text.IsEmpty) return;
        to.Signed(h.NewestAt - last.At);
        to.Fixed(last.Key);
    }

    private static void WriteMoney(History h, Part parts, BlobWriter to)
    {
        if ((parts & Part.Orders) != 0)
        {
            to.Unsigned((ulong)h.Orders.Count);
            foreach (ref readonly var o in h.Orders.Span)
            {
                to.Fixed(o.Key); to.Text(h[o.OrderId]); to.Signed(o.At); to.Fixed(o.AtKey); to.Signed(o.Revenue); to.Signed(o.Profit);
                to.Signed(o.Discount); to.Signed(o.Refunded); to.Signed(o.ProfitBack); to.Signed(o.Day); to.Unsigned((ulong)o.Flags);
            }
        }
        if ((parts & Part.Deals) != 0) WriteDeals(h, to);
        if ((parts & Part.Steps) == 0) return;
        to.Unsigned((ulong)h.Steps.Count);
        foreach (ref readonly var s in h.Steps.Span)
        {
            to.Signed(s.At); to.Fixed(s.Key); to.Unsigned((ulong)s.Stage);
            to.Unsigned((s.Explicit ? 1u : 0u) | (s.Back ? 2u : 0u) | (s.ByRule ? 4u : 0u));
        }
    }

    private static void ReadMoney(History h, Part parts, ref BlobReader from)
    {
        if ((parts & Part.Orders) != 0)
            for (var n = from.Count(Limits.OrdersMax); n > 0; n--)
                h.Orders.Add(new Order(from.Fixed(), from.Text(), from.Signed(), from.Fixed(), from.Signed(), from.Signed(),
                    from.Signed(), from.Signed(), from.Signed(), (int)from.Signed(), (OrderFlags)from.Unsigned()));
        if ((parts & Part.Deals) != 0) ReadDeals(h, ref from);
        if ((parts & Part.Steps) == 0) return;
        for (var n = from.Count(Limits.StageStepsMax); n > 0; n--)
        {
            var (at, key, stage, marks) = (from.Signed(), from.Fixed(), (Stage)from.Count((int)Stage.Lost), from.Unsigned());
            h.Steps.Add(new StageStep(at, key, stage, (marks & 1) != 0, (marks & 2) != 0, (marks & 4) != 0));
        }
    }

    private static void WriteKnown(History h, Part parts, BlobWriter to)
    {
        if ((parts & Part.Known) != 0)
        {
            to.Unsigned((ulong)h.Known.Count);
            foreach (ref readonly var k in h.Known.Span) { to.Fixed(k.Key); to.Signed(k.UntilMs - h.NewestAt); }
        }
        if ((parts & Part.ForEver) == 0) return;
        to.Unsigned((ulong)h.KnownForEver.Count);
        foreach (var key in h.KnownForEver.Span) to.Fixed(key);
    }

    private static void ReadKnown(History h, Part parts, ref BlobReader from)
    {
        if ((parts & Part.Known) != 0)
            for (var n = from.Count(Limits.KnownIdsMax); n > 0; n--) h.Known.Add(new KnownId(from.Fixed(), from.Signed() + h.NewestAt));
        if ((parts & Part.ForEver) == 0) return;
        for (var n = from.Count(Limits.KnownForEverMax); n > 0; n--) h.KnownForEver.Add(from.Fixed());
    }

    private static LastText ReadLast(History h, ref BlobReader from)
    {
        var text = from.Text();
        return text.IsEmpty ? default : new LastText(text, 0, 0) with { At = h.NewestAt - from.Signed(), Key = from.Fixed() };
    }
}
