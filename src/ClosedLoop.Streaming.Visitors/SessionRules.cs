namespace ClosedLoop.Streaming.Visitors;

/// <summary>How one hit after another makes sessions (FIELD.md §7).</summary>
internal static class SessionRules
{
    public static bool IsVisit(in Memo memo) => (memo.Flags & MemoFlags.Visit) != 0;

    /// <summary>No silence lies between; whether a campaign of its own cuts all the same, <see cref="MayCut"/> says.</summary>
    public static bool Reaches(in Session session, in Memo memo)
    {
        var silence = memo.At - session.End;
        return (memo.Flags & MemoFlags.Payment) != 0 ? silence <= Limits.PaymentReturnMsMax : silence <= Limits.SessionGapMs;
    }

    /// <summary>The hit brought a source that may be another campaign than the session's.</summary>
    public static bool MayCut(in Session session, in Memo memo) =>
        (memo.Flags & (MemoFlags.Campaign | MemoFlags.Payment)) == MemoFlags.Campaign && memo.Source != session.Source;

    public static Session Begin(in Memo memo) => new(
        memo.At, memo.At, memo.Key, IsPage(memo) ? 1 : 0, 1, memo.Source, memo.Page, memo.Page, (memo.Flags & MemoFlags.KeyEvent) != 0);

    public static void Extend(ref Session session, in Memo memo)
    {
        session.Hits++;
        if (IsPage(memo)) session.PageViews++;
        if ((memo.Flags & MemoFlags.KeyEvent) != 0) session.KeyEvent = true;
        if (memo.At >= session.End)
        {
            session.End = memo.At;
            if (memo.Page >= 0) session.Exit = memo.Page;
        }
        if (session.Entry < 0) session.Entry = memo.Page;
    }

    private static bool IsPage(in Memo memo) => (memo.Flags & MemoFlags.PageView) != 0;
}
