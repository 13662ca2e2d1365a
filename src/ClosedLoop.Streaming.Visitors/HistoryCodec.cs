using System.Runtime.CompilerServices;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// The bytes of a history: a mask of the parts that are there, then the parts. A visitor with one page view takes about 60 bytes. What grows with
/// every hit (hits, sessions, moments, tables of texts) is copied in one piece and not taken apart; texts stay inside the blob, which reading
/// copies once and refers into.
/// </summary>
public static partial class HistoryCodec
{
    internal const byte Version = 3;

    [Flags]
    internal enum Part
    {
        None = 0, Recent = 1, Folded = 2, OldSteps = 4, OldMoments = 8, Pages = 16, Names = 32, Sources = 64, Said = 128, Forms = 256,
        Contacts = 512, Categories = 1024, Traits = 2048, Orders = 4096, Deals = 8192, Steps = 16384, Known = 32768, ForEver = 65536,
        Score = 131072, Consent = 262144, Texts = 524288, Capped = 1048576, Cart = 2097152, Contact = 4194304,
        OldTouches = 1 << 28, Lookback = 1 << 29,
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
        if ((parts & Part.Pages) != 0) WriteTexts(h, h.Pages, h.AdoptedPages, to);
        if ((parts & Part.Names) != 0) WriteTexts(h, h.Names, h.AdoptedNames, to);
        if ((parts & Part.Sources) != 0) h.Sources.WriteTo(to);
        if ((parts & Part.Recent) != 0) WriteItems(h.Recent, to);
        if ((parts & Part.Folded) != 0) WriteSessions(h, to);
        if ((parts & Part.OldSteps) != 0) WriteItems(h.OldSteps, to);
        if ((parts & Part.OldMoments) != 0) WriteItems(h.OldMoments, to);
        WritePerson(h, parts, to);
        WriteMoney(h, parts, to);
        WriteKnown(h, parts, to);
        if ((parts & Part.OldTouches) != 0) WriteItems(h.OldTouches, to);
        if ((parts & Part.Lookback) != 0) to.Unsigned((ulong)h.PostedLookback);
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
        if ((parts & Part.Pages) != 0) h.AdoptedPages = ReadTexts(h.Pages, Limits.PagesMax, ref from);
        if ((parts & Part.Names) != 0) h.AdoptedNames = ReadTexts(h.Names, Limits.NamesMax, ref from);
        if ((parts & Part.Sources) != 0) h.Sources.ReadFrom(ref from);
        if ((parts & Part.Recent) != 0) ReadMemos(h, h.Recent, ref from);
        if ((parts & Part.Folded) != 0) ReadSessions(h, ref from);
        if ((parts & Part.OldSteps) != 0) ReadMemos(h, h.OldSteps, ref from);
        if ((parts & Part.OldMoments) != 0) h.OldMoments.FillFrom(from.Items(Limits.OldMomentsMax + 1, Unsafe.SizeOf<OldMoment>()));
        ReadPerson(h, parts, ref from);
        ReadMoney(h, parts, ref from);
        ReadKnown(h, parts, ref from);
        if ((parts & Part.OldTouches) != 0) ReadTouches(h, ref from);
        if ((parts & Part.Lookback) != 0) h.PostedLookback = from.Count(36_600);
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
        Mark(h.OldTouches.Count > 0, Part.OldTouches);
        Mark(h.PostedLookback != 0, Part.Lookback);
        return parts;
    }

    private static bool HasTexts(History h) =>
        !(h.Country.Text.IsEmpty && h.Device.Text.IsEmpty && h.ExternalId.Text.IsEmpty && h.EmailSealed.Text.IsEmpty && h.LostReason.Text.IsEmpty);

    // Their number, the bytes they take, so that a reader may step over them, and the texts.
    private static void WriteTexts(History h, Slots<TextRef> texts, History.Adopted adopted, BlobWriter to)
    {
        to.Unsigned((ulong)texts.Count);
        var bytes = adopted.Raw.Length;
        for (var i = adopted.Count; i < texts.Count; i++) bytes += BlobWriter.BytesOf(texts[i].Length);
        to.Unsigned((ulong)bytes);
        to.Raw(h[adopted.Raw]);
        for (var i = adopted.Count; i < texts.Count; i++) to.Text(h[texts[i]]);
    }

    private static History.Adopted ReadTexts(Slots<TextRef> texts, int max, ref BlobReader from)
    {
        var count = from.Count(max);
        var bytes = from.Unsigned();
        var start = from.At;
        for (var i = 0; i < count; i++) texts.Add(from.Text());
        if ((ulong)(from.At - start) != bytes) throw new StateFormatException(start);
        return new History.Adopted(new TextRef(start, from.At - start), count);
    }

    private static void WriteItems<T>(Slots<T> items, BlobWriter to) where T : struct
    {
        to.Unsigned((ulong)items.Count);
        to.Raw(items.Bytes);
    }

    private static void ReadMemos(History h, Slots<Memo> memos, ref BlobReader from)
    {
        memos.FillFrom(from.Items(Limits.RecentHitsMax + 1, Unsafe.SizeOf<Memo>()));
        // A number past its table would be met much later, far from its cause.
        var (pages, sources, names) = (h.Pages.Count, h.Sources.Count, EventNames.FirstOwn + h.Names.Count);
        foreach (ref readonly var memo in memos.Span)
            if (memo.Page >= pages || memo.Source >= sources || memo.Name >= names || memo.Name is < EventNames.FirstOwn && memo.Name >= EventNames.KnownCount)
                throw new StateFormatException(from.At);
    }

    private static void ReadTouches(History h, ref BlobReader from)
    {
        h.OldTouches.FillFrom(from.Items(Limits.OldTouchesMax, Unsafe.SizeOf<OldTouch>()));
        foreach (ref readonly var touch in h.OldTouches.Span)
            if (touch.Source >= h.Sources.Count) throw new StateFormatException(from.At);
    }

    private static void ReadSessions(History h, ref BlobReader from)
    {
        h.SessionsDropped = from.Count(int.MaxValue);
        h.Folded.FillFrom(from.Items(Limits.SessionsMax + 1, Unsafe.SizeOf<Session>()));
        var (pages, sources) = (h.Pages.Count, h.Sources.Count);
        foreach (ref readonly var session in h.Folded.Span)
            if (session.Entry >= pages || session.Exit >= pages || session.Source >= sources) throw new StateFormatException(from.At);
    }
}
