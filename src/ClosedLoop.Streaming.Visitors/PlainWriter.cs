using System.Runtime.InteropServices;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors.Sources;
using static ClosedLoop.Streaming.Visitors.HistoryCodec;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// Apply(state, event) for the hit that nearly all are: a page view, in its turn, of somebody who has only looked at pages. Writes the same bytes as
/// <see cref="HistoryWriter"/> and <see cref="HistoryCodec"/> would, without taking the history apart; what is any different is left to them.
/// Reusable; not safe for two threads.
/// </summary>
public sealed class PlainWriter
{
    // Fields that move nothing but what is done here. A field that is not among them may mean anything.
    private static readonly FieldSet Known = new(
        Field.Name, Field.OccurredMs, Field.CreatedMs, Field.SentMs, Field.Door, Field.PageUrl, Field.PageTitle, Field.Referrer, Field.UserAgent,
        Field.Ip, Field.Language, Field.Timezone, Field.DeviceClass, Field.Country, Field.Source, Field.Medium, Field.Campaign, Field.Term, Field.Content,
        Field.CampaignId, Field.ClickId, Field.Network, Field.LinkChannel, Field.LinkSlug, Field.VisitorId, Field.Flags, Field.Platform, Field.TrackerVersion);
    private const EventFlags Harmless = EventFlags.Verified | EventFlags.TimeReplaced | EventFlags.MoneyTrusted | EventFlags.NewCookie | EventFlags.Cut | EventFlags.ForeignHost;

    private readonly BlobWriter _source = new();
    private readonly Slots<Session> _folded = new();

    /// <summary>A page view of a page, and nothing else in it.</summary>
    public static bool IsPlain(RecordReader e) =>
        e.HasOnly(Known) && e.Has(Field.PageUrl) && e[Field.Name].SequenceEqual("page_view"u8) && (e.Flags & ~Harmless) == 0;

    /// <summary>False, with anything written, when this is not the place for it.</summary>
    /// <param name="before">The history.</param>
    /// <param name="e">For which <see cref="IsPlain"/> holds.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="to">Gets the bytes of the new history.</param>
    /// <param name="after">The new history as measures ask for it; lies in <paramref name="to"/> and in the old bytes, so it lives as long as both.</param>
    public bool TryApply(scoped in PlainHistory before, RecordReader e, scoped in ResolvedSource source, BlobWriter to, out PlainHistory after)
    {
        after = before;
        var (at, key) = (e.OccurredMs, HistoryWriter.KeyOf(e));
        if (at < before.NewestAt || before.Recent.Length >= Limits.RecentHitsMax) return false;
        if (before.Recent.Length > 0 && before.Recent[^1].CompareOrder(at, key) >= 0) return false;
        var path = PagePath.Of(e[Field.PageUrl]);
        var (page, sourceIndex) = (before.Pages.Find(path), -1);
        if (page < 0 && (page = before.Pages.Count) == Limits.PagesMax) return false;
        if (!source.IsNone)
        {
            SourceList.Write(source, _source);
            sourceIndex = before.Sources.Find(_source.Written);
            if (sourceIndex < 0 && (sourceIndex = before.Sources.Count) == Limits.SourcesMax) return false;
        }
        else _source.Clear();

        var flags = MemoFlags.Visit | MemoFlags.PageView;
        if (source.HasCampaign) flags |= MemoFlags.Campaign;
        if (source.IsPayment) flags |= MemoFlags.Payment;
        var memo = new Memo(at, key, EventNames.PageView, (short)page, (short)sourceIndex, flags);
        after.NewestAt = after.LastSeen = at;
        after.LastActivity = Math.Max(after.LastActivity, at);
        if (after.FirstSeen == 0) after.FirstSeen = at;
        after.PageViews++;
        after.Country = before.Country.Latest(e[Field.Country], at, key);
        after.Device = before.Device.Latest(e[Field.DeviceClass], at, key);
        return Write(before, ref after, memo, path, to);
    }

    private bool Write(scoped in PlainHistory before, ref PlainHistory after, in Memo memo, ReadOnlySpan<byte> path, BlobWriter to)
    {
        var boundary = memo.At - Limits.LateMsMax;
        var leaving = 0;
        while (leaving < before.Recent.Length && before.Recent[leaving].At < boundary) leaving++;
        if (leaving > 0 && !Fold(before, before.Recent[..leaving])) return false;
        var hasSources = before.Sources.Count > 0 || memo.Source >= 0;
        var hasTexts = !after.Country.Text.IsEmpty || !after.Device.Text.IsEmpty;
        WriteHead(after, PartsOf(before, leaving, hasSources, hasTexts), to);
        after.Pages = WriteTexts(before.Pages, memo.Page, path, to);
        if (hasSources) after.Sources = WriteTexts(before.Sources, memo.Source, _source.Written, to);
        after.Recent = to.Items(before.Recent[leaving..], memo);
        if (leaving > 0) WriteFolded(before, ref after, before.Recent[..leaving], to);
        else Keep(before, to);
        if (hasTexts)
        {
            WriteText(after.Country, memo.At, to);
            WriteText(after.Device, memo.At, to);
            for (var absent = 3; absent > 0; absent--) to.Unsigned(0);
        }
        after.Step(memo);
        return true;
    }

    private static Part PartsOf(scoped in PlainHistory before, int leaving, bool hasSources, bool hasTexts)
    {
        var parts = Part.Recent | Part.Pages;
        if (hasSources) parts |= Part.Sources;
        if (hasTexts) parts |= Part.Texts;
        if (before.SessionsDropped > 0 || before.Folded.Length > 0 || leaving > 0) parts |= Part.Folded;
        if (before.OldSteps.Length > 0 || leaving > 0) parts |= Part.OldSteps;
        if (before.OldMoments.Length > 0 || leaving > 0) parts |= Part.OldMoments;
        return parts;
    }

    /// <summary>Into <see cref="_folded"/>; false when the order or a cap asks for the long way.</summary>
    private bool Fold(scoped in PlainHistory before, ReadOnlySpan<Memo> leaving)
    {
        if (before.OldMoments.Length + leaving.Length > Limits.OldMomentsMax) return false;
        ref readonly var first = ref leaving[0];
        if (before.OldMoments.Length > 0 && before.OldMoments[^1].At > first.At) return false;
        return (before.OldSteps.Length == 0 || before.OldSteps[^1].CompareOrder(first.At, first.Key) <= 0) && FoldAll(before, leaving);
    }

    private bool FoldAll(scoped in PlainHistory before, ReadOnlySpan<Memo> leaving)
    {
        _folded.Clear();
        foreach (ref readonly var session in before.Folded) _folded.Add(session);
        foreach (ref readonly var memo in leaving)
        {
            // What is no visit may mark a session: rare, and left to the long way.
            if (!SessionRules.IsVisit(memo)) return false;
            if (_folded.Count > 0 && SessionRules.Reaches(_folded.Last, memo)
                && (!SessionRules.MayCut(_folded.Last, memo) || before.IsSameCampaign(memo.Source, _folded.Last.Source)))
                SessionRules.Extend(ref _folded.Last, memo);
            else _folded.Add(SessionRules.Begin(memo));
        }
        return _folded.Count <= Limits.SessionsMax;
    }

    private void WriteFolded(scoped in PlainHistory before, ref PlainHistory after, ReadOnlySpan<Memo> leaving, BlobWriter to)
    {
        to.Unsigned((ulong)before.SessionsDropped);
        to.Unsigned((ulong)_folded.Count);
        to.Raw(_folded.Bytes);
        var steps = Math.Min(before.OldSteps.Length + leaving.Length, Limits.JourneyStepsMax);
        var gone = before.OldSteps.Length + leaving.Length - steps;
        to.Unsigned((ulong)steps);
        to.Raw(MemoryMarshal.AsBytes(before.OldSteps[Math.Min(gone, before.OldSteps.Length)..]));
        to.Raw(MemoryMarshal.AsBytes(leaving[Math.Max(0, gone - before.OldSteps.Length)..]));
        WriteMoments(before.OldMoments, ref after, leaving, to);
    }

    private static void WriteMoments(ReadOnlySpan<OldMoment> old, ref PlainHistory after, ReadOnlySpan<Memo> leaving, BlobWriter to)
    {
        var oldest = after.NewestAt - Limits.WindowMsMax;
        var forgotten = 0;
        while (forgotten < old.Length && old[forgotten].At < oldest) forgotten++;
        var early = 0;
        while (forgotten == old.Length && early < leaving.Length && leaving[early].At < oldest) early++;
        to.Unsigned((ulong)(old.Length - forgotten + leaving.Length - early));
        var start = to.Length;
        to.Raw(MemoryMarshal.AsBytes(old[forgotten..]));
        foreach (ref readonly var memo in leaving[early..]) to.Item(new OldMoment(memo.At, memo.Name));
        after.OldMoments = MemoryMarshal.Cast<byte, OldMoment>(to.Written[start..]);
    }

    private static void Keep(scoped in PlainHistory before, BlobWriter to)
    {
        if (before.SessionsDropped > 0 || before.Folded.Length > 0)
        {
            to.Unsigned((ulong)before.SessionsDropped);
            to.Unsigned((ulong)before.Folded.Length);
            to.Raw(MemoryMarshal.AsBytes(before.Folded));
        }
        if (before.OldSteps.Length > 0)
        {
            to.Unsigned((ulong)before.OldSteps.Length);
            to.Raw(MemoryMarshal.AsBytes(before.OldSteps));
        }
        if (before.OldMoments.Length == 0) return;
        to.Unsigned((ulong)before.OldMoments.Length);
        to.Raw(MemoryMarshal.AsBytes(before.OldMoments));
    }

    private static void WriteHead(scoped in PlainHistory after, Part parts, BlobWriter to)
    {
        to.Unsigned(HistoryCodec.Version);
        to.Unsigned((ulong)parts);
        to.Signed(after.NewestAt);
        to.Signed(after.FirstSeen == 0 ? 0 : after.NewestAt - after.FirstSeen + 1);
        to.Signed(after.LastSeen == 0 ? 0 : after.NewestAt - after.LastSeen + 1);
        to.Signed(after.LastActivity == 0 ? 0 : after.NewestAt - after.LastActivity + 1);
        to.Unsigned((ulong)after.PageViews);
    }

    private static Texts WriteTexts(Texts known, int index, scoped ReadOnlySpan<byte> text, BlobWriter to)
    {
        var count = Math.Max(known.Count, index + 1);
        to.Unsigned((ulong)count);
        to.Unsigned((ulong)(known.Bytes.Length + (index == known.Count ? BlobWriter.BytesOf(text.Length) : 0)));
        var start = to.Length;
        to.Raw(known.Bytes);
        if (index == known.Count) to.Text(text);
        return new Texts(to.Written[start..], count);
    }

    private static void WriteText(scoped in PlainText last, long newest, BlobWriter to)
    {
        to.Text(last.Text);
        if (last.Text.IsEmpty) return;
        to.Signed(newest - last.At);
        to.Fixed(last.Key);
    }
}
