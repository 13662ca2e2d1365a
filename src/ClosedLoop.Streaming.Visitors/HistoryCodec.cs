namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// The bytes of a history: a mask of the parts that are there, then the parts, moments as differences. A visitor with one page view takes
/// about 60 bytes. Texts stay inside the blob: reading copies it once and refers into it.
/// </summary>
public static partial class HistoryCodec
{
    private const byte Version = 1;

    [Flags]
    private enum Part
    {
        None = 0, Recent = 1, Folded = 2, OldSteps = 4, OldMoments = 8, Pages = 16, Names = 32, Sources = 64, Said = 128, Forms = 256,
        Contacts = 512, Categories = 1024, Traits = 2048, Orders = 4096, Deals = 8192, Steps = 16384, Known = 32768, ForEver = 65536,
        Score = 131072, Consent = 262144, Texts = 524288, Capped = 1048576, Cart = 2097152, Contact = 4194304,
    }

    public static void Write(History h, BlobWriter to)
    {
        to.Unsigned(Version);
        var parts = PartsOf(h);
        to.Unsigned((ulong)parts);
        to.Signed(h.NewestAt);
        to.Signed(h.FirstSeen == 0 ? 0 : h.NewestAt - h.FirstSeen + 1);
        to.Signed(h.LastSeen == 0 ? 0 : h.NewestAt - h.LastSeen + 1);
        to.Signed(h.LastActivity == 0 ? 0 : h.NewestAt - h.LastActivity + 1);
        to.Unsigned((ulong)h.PageViews);
        if ((parts & Part.Cart) != 0) to.Signed(h.LastCart);
        if ((parts & Part.Contact) != 0) to.Signed(h.LastContact);
        if ((parts & Part.Pages) != 0) WriteTexts(h, h.Pages, to);
        if ((parts & Part.Names) != 0) WriteTexts(h, h.Names, to);
        if ((parts & Part.Sources) != 0) WriteSources(h, to);
        if ((parts & Part.Recent) != 0) WriteMemos(h.Recent, h.NewestAt, to);
        if ((parts & Part.Folded) != 0) WriteSessions(h, to);
        if ((parts & Part.OldSteps) != 0) WriteMemos(h.OldSteps, h.NewestAt, to);
        if ((parts & Part.OldMoments) != 0) WriteMoments(h, to);
        WritePerson(h, parts, to);
        WriteMoney(h, parts, to);
        WriteKnown(h, parts, to);
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public static void Read(History h, ReadOnlySpan<byte> blob)
    {
        h.Clear();
        if (blob.IsEmpty) return;
        h.Adopt(blob);
        var from = new BlobReader(blob);
        if (from.Unsigned() != Version) throw new StateFormatException(0);
        var parts = (Part)from.Unsigned();
        h.NewestAt = from.Signed();
        h.FirstSeen = Back(h, from.Signed());
        h.LastSeen = Back(h, from.Signed());
        h.LastActivity = Back(h, from.Signed());
        h.PageViews = (long)from.Unsigned();
        h.Capped = (parts & Part.Capped) != 0;
        if ((parts & Part.Cart) != 0) h.LastCart = from.Signed();
        if ((parts & Part.Contact) != 0) h.LastContact = from.Signed();
        if ((parts & Part.Pages) != 0) ReadTexts(h.Pages, Limits.PagesMax, ref from);
        if ((parts & Part.Names) != 0) ReadTexts(h.Names, Limits.NamesMax, ref from);
        if ((parts & Part.Sources) != 0) ReadSources(h, ref from);
        if ((parts & Part.Recent) != 0) ReadMemos(h, h.Recent, ref from);
        if ((parts & Part.Folded) != 0) ReadSessions(h, ref from);
        if ((parts & Part.OldSteps) != 0) ReadMemos(h, h.OldSteps, ref from);
        if ((parts & Part.OldMoments) != 0) ReadMoments(h, ref from);
        ReadPerson(h, parts, ref from);
        ReadMoney(h, parts, ref from);
        ReadKnown(h, parts, ref from);
        h.Derive();
    }

    private static long Back(History h, long difference) => difference == 0 ? 0 : h.NewestAt - difference + 1;

    private static Part PartsOf(History h)
    {
        var parts = Part.None;
        void Mark(bool there, Part part) { if (there) parts |= part; }
        Mark(h.Recent.Count > 0, Part.Recent);
        Mark(h.Folded.Count > 0 || h.SessionsDropped > 0, Part.Folded);
        Mark(h.OldSteps.Count > 0, Part.OldSteps);
        Mark(h.OldMoments.Count > 0, Part.OldMoments);
        Mark(h.Pages.Count > 0, Part.Pages);
        Mark(h.Names.Count > 0, Part.Names);
        Mark(h.Sources.Count > 0, Part.Sources);
        Mark(h.Said.Count > 0, Part.Said);
        Mark(h.Forms.Count > 0, Part.Forms);
        Mark(h.ContactChannels.Count > 0, Part.Contacts);
        Mark(h.Categories.Count > 0, Part.Categories);
        Mark(h.Traits.Count > 0, Part.Traits);
        Mark(h.Orders.Count > 0, Part.Orders);
        Mark(h.Deals.Count > 0, Part.Deals);
        Mark(h.Steps.Count > 0, Part.Steps);
        Mark(h.Known.Count > 0, Part.Known);
        Mark(h.KnownForEver.Count > 0, Part.ForEver);
        Mark(h.Score >= 0, Part.Score);
        Mark(h.ConsentSaid != 0, Part.Consent);
        Mark(HasTexts(h), Part.Texts);
        Mark(h.Capped, Part.Capped);
        Mark(h.LastCart != 0, Part.Cart);
        Mark(h.LastContact != 0, Part.Contact);
        return parts;
    }

    private static bool HasTexts(History h) =>
        !(h.Country.Text.IsEmpty && h.Device.Text.IsEmpty && h.ExternalId.Text.IsEmpty && h.EmailSealed.Text.IsEmpty && h.LostReason.Text.IsEmpty);

    private static void WriteTexts(History h, Slots<TextRef> texts, BlobWriter to)
    {
        to.Unsigned((ulong)texts.Count);
        foreach (ref readonly var text in texts.Span) to.Text(h[text]);
    }

    private static void ReadTexts(Slots<TextRef> texts, int max, ref BlobReader from)
    {
        var count = from.Count(max);
        for (var i = 0; i < count; i++) texts.Add(from.Text());
    }

    private static void WriteMemos(Slots<Memo> memos, long newest, BlobWriter to)
    {
        to.Unsigned((ulong)memos.Count);
        var previous = newest;
        for (var i = memos.Count - 1; i >= 0; i--)
        {
            ref readonly var memo = ref memos[i];
            to.Unsigned((ulong)(previous - memo.At));
            previous = memo.At;
            to.Fixed(memo.Key);
            to.Unsigned(memo.Name);
            to.Unsigned((ulong)(memo.Page + 1));
            to.Unsigned((ulong)(memo.Source + 1));
            to.Unsigned((ulong)memo.Flags);
        }
    }

    // Zero is none; a number past the table would be met much later, far from its cause.
    private static short Index(int count, ref BlobReader from) => (short)(from.Count(count) - 1);

    private static ushort Name(History h, ref BlobReader from)
    {
        var name = from.Count(EventNames.FirstOwn + Limits.NamesMax);
        if (name < EventNames.FirstOwn ? name >= EventNames.KnownCount : name - EventNames.FirstOwn >= h.Names.Count) throw new StateFormatException(from.At);
        return (ushort)name;
    }

    private static void ReadMemos(History h, Slots<Memo> memos, ref BlobReader from)
    {
        var count = from.Count(Limits.RecentHitsMax + 1);
        for (var i = 0; i < count; i++) memos.Add(default);
        var at = h.NewestAt;
        for (var i = count - 1; i >= 0; i--)
        {
            at -= (long)from.Unsigned();
            memos[i] = new Memo(at, from.Fixed(), Name(h, ref from), Index(h.Pages.Count, ref from), Index(h.Sources.Count, ref from), (MemoFlags)from.Count(255));
        }
    }

    private static void WriteMoments(History h, BlobWriter to)
    {
        to.Unsigned((ulong)h.OldMoments.Count);
        var previous = 0L;
        foreach (ref readonly var moment in h.OldMoments.Span)
        {
            to.Signed(moment.At - previous);
            to.Unsigned(moment.Name);
            previous = moment.At;
        }
    }

    private static void ReadMoments(History h, ref BlobReader from)
    {
        var count = from.Count(Limits.OldMomentsMax + 1);
        var at = 0L;
        for (var i = 0; i < count; i++)
        {
            at += from.Signed();
            h.OldMoments.Add(new OldMoment(at, Name(h, ref from)));
        }
    }
}
