using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static ClosedLoop.Streaming.Visitors.HistoryCodec;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// The history of a visitor who has only looked at pages, read where it lies: nearly everybody's, nearly always. The bytes are those of
/// <see cref="HistoryCodec"/>; what has anything else in it is read there.
/// </summary>
public ref struct PlainHistory
{
    private const Part Plain = Part.Recent | Part.Folded | Part.OldSteps | Part.OldMoments | Part.Pages | Part.Sources | Part.Texts;

    public long NewestAt, FirstSeen, LastSeen, LastActivity, PageViews;
    public Texts Pages, Sources;
    internal ReadOnlySpan<Memo> Recent, OldSteps;
    internal ReadOnlySpan<Session> Folded;
    internal ReadOnlySpan<OldMoment> OldMoments;
    internal int SessionsDropped;
    internal PlainText Country, Device;

    /// <summary>Sessions, also those that the cap has dropped; of the others the first and the last.</summary>
    public int SessionCount;
    public Session First, Last;

    public readonly ReadOnlySpan<byte> CountryText => Country.Text;
    public readonly ReadOnlySpan<byte> DeviceText => Device.Text;

    /// <summary>Empty for −1.</summary>
    public readonly ReadOnlySpan<byte> PageText(short page) => page < 0 ? default : Pages[page];

    /// <summary>As <see cref="History.ChannelOf"/>.</summary>
    public readonly ReadOnlySpan<byte> ChannelOf(short source) => source < 0 ? "Direct"u8 : SourceList.TextOf(Sources[source], 0);

    /// <summary>One text of a source by its place in <see cref="SourceEntry"/>; empty for −1.</summary>
    public readonly ReadOnlySpan<byte> SourceText(short source, int place) => source < 0 ? default : SourceList.TextOf(Sources[source], place);

    /// <summary>False when there is more in it than page views, or nothing.</summary>
    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public static bool TryRead(ReadOnlySpan<byte> blob, out PlainHistory plain)
    {
        plain = default;
        var from = new BlobReader(blob);
        if (from.Unsigned() != HistoryCodec.Version) return false;
        var parts = (Part)from.Unsigned();
        if ((parts & ~Plain) != 0) return false;
        plain.NewestAt = from.Signed();
        plain.FirstSeen = plain.Back(from.Signed());
        plain.LastSeen = plain.Back(from.Signed());
        plain.LastActivity = plain.Back(from.Signed());
        plain.PageViews = (long)from.Unsigned();
        if ((parts & Part.Pages) != 0) plain.Pages = Texts.Read(ref from, Limits.PagesMax);
        if ((parts & Part.Sources) != 0) plain.Sources = Texts.Read(ref from, Limits.SourcesMax);
        if ((parts & Part.Recent) != 0) plain.Recent = Items<Memo>(ref from, Limits.RecentHitsMax);
        if ((parts & Part.Folded) != 0)
        {
            plain.SessionsDropped = from.Count(int.MaxValue);
            plain.Folded = Items<Session>(ref from, Limits.SessionsMax);
        }
        if ((parts & Part.OldSteps) != 0) plain.OldSteps = Items<Memo>(ref from, Limits.JourneyStepsMax);
        if ((parts & Part.OldMoments) != 0) plain.OldMoments = Items<OldMoment>(ref from, Limits.OldMomentsMax);
        if ((parts & Part.Texts) != 0)
        {
            plain.Country = ReadText(ref from, plain.NewestAt);
            plain.Device = ReadText(ref from, plain.NewestAt);
            // External id, sealed address and reason of a loss are of people who said more.
            if (from.Text().Length + from.Text().Length + from.Text().Length > 0) return false;
        }
        if (plain.NewestAt == 0 || !from.IsAtEnd) return false;
        plain.Derive();
        return true;
    }

    /// <summary>One hit more at the end of the sessions.</summary>
    internal void Step(in Memo memo)
    {
        if (!SessionRules.IsVisit(memo))
        {
            if ((memo.Flags & MemoFlags.KeyEvent) == 0 || SessionCount == SessionsDropped || memo.At - Last.End > Limits.SessionGapMs) return;
            Last.KeyEvent = true;
            if (SessionCount == SessionsDropped + 1) First = Last;
            return;
        }
        if (SessionCount > SessionsDropped && SessionRules.Reaches(Last, memo)
            && (!SessionRules.MayCut(Last, memo) || IsSameCampaign(memo.Source, Last.Source)))
        {
            SessionRules.Extend(ref Last, memo);
            if (SessionCount == SessionsDropped + 1) First = Last;
            return;
        }
        Last = SessionRules.Begin(memo);
        if (SessionCount++ == SessionsDropped) First = Last;
    }

    internal readonly bool IsSameCampaign(short one, short other) =>
        one == other || one >= 0 && other >= 0 && SourceList.IsSameCampaign(Sources[one], Sources[other]);

    private void Derive()
    {
        SessionCount = Folded.Length + SessionsDropped;
        if (Folded.Length > 0) (First, Last) = (Folded[0], Folded[^1]);
        foreach (ref readonly var memo in Recent) Step(memo);
    }

    private readonly long Back(long difference) => difference == 0 ? 0 : NewestAt - difference + 1;

    private static ReadOnlySpan<T> Items<T>(scoped ref BlobReader from, int max) where T : struct =>
        MemoryMarshal.Cast<byte, T>(from.Items(max, Unsafe.SizeOf<T>()));

    private static PlainText ReadText(scoped ref BlobReader from, long newest)
    {
        var text = from[from.Text()];
        return text.IsEmpty ? default : new PlainText { Text = text, At = newest - from.Signed(), Key = from.Fixed() };
    }
}

/// <summary>A value of which the last by (time, key) stands, in place.</summary>
internal ref struct PlainText
{
    public ReadOnlySpan<byte> Text;
    public long At;
    public ulong Key;

    /// <summary>As <see cref="HistoryWriter.Latest"/>.</summary>
    public readonly PlainText Latest(ReadOnlySpan<byte> said, long at, ulong key) =>
        said.IsEmpty || At > at || At == at && Key >= key && !Text.IsEmpty ? this : new PlainText { Text = Utf8Cut.To(said, 512), At = at, Key = key };
}
