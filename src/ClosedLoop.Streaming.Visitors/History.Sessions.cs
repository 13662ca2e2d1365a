namespace ClosedLoop.Streaming.Visitors;

public sealed partial class History
{
    /// <summary>Builds <see cref="Sessions"/> anew from what is folded and the recent hits.</summary>
    public void Derive()
    {
        Sessions.CopyFrom(Folded);
        foreach (ref readonly var memo in Recent.Span) Step(Sessions, memo);
    }

    /// <summary>Puts a hit in its place by (time, key). True when it is the newest of all, so that nothing before it changed.</summary>
    public bool Place(in Memo memo)
    {
        var boundary = NewestAt - Limits.LateMsMax;
        var isNewest = NewestAt == 0 || Recent.Count == 0 && memo.At >= NewestAt
            || Recent.Count > 0 && Recent.Last.CompareOrder(memo.At, memo.Key) < 0;
        if (memo.At > NewestAt) NewestAt = memo.At;
        if (memo.At < boundary || IsBehindFolded(memo))
        {
            PlaceLate(memo);
            Derive();
            return false;
        }
        if (isNewest)
        {
            Recent.Add(memo);
            Step(Sessions, memo);
        }
        else
        {
            Recent.Insert(PlaceIn(Recent, memo), memo);
            Derive();
        }
        FoldOld();
        return isNewest;
    }

    // Under the cap of recent hits, folding may have passed hits younger than 72 h.
    private bool IsBehindFolded(in Memo memo) =>
        OldSteps.Count > 0 && OldSteps.Last.CompareOrder(memo.At, memo.Key) > 0;

    private static int PlaceIn(Slots<Memo> list, in Memo memo)
    {
        var at = list.Count;
        while (at > 0 && list[at - 1].CompareOrder(memo.At, memo.Key) > 0) at--;
        return at;
    }

    /// <summary>One hit more at the end of a list of sessions.</summary>
    private void Step(Slots<Session> sessions, in Memo memo)
    {
        if (!SessionRules.IsVisit(memo))
        {
            if ((memo.Flags & MemoFlags.KeyEvent) != 0 && sessions.Count > 0 && memo.At - sessions.Last.End <= Limits.SessionGapMs)
                sessions.Last.KeyEvent = true;
            return;
        }
        if (sessions.Count > 0 && Continues(sessions.Last, memo)) SessionRules.Extend(ref sessions.Last, memo);
        else sessions.Add(SessionRules.Begin(memo));
    }

    private bool Continues(in Session session, in Memo memo) =>
        SessionRules.Reaches(session, memo) && (!SessionRules.MayCut(session, memo) || IsSameCampaign(memo.Source, session.Source));

    /// <summary>A hit behind the fold: exact in every count, and in the session whose span is within half an hour of it.</summary>
    private void PlaceLate(in Memo memo)
    {
        Remember(memo);
        if (!SessionRules.IsVisit(memo)) return;
        for (var i = 0; i < Folded.Count; i++)
        {
            ref var session = ref Folded[i];
            if (memo.At < session.Start - Limits.SessionGapMs || memo.At > session.End + Limits.SessionGapMs) continue;
            if ((memo.Flags & MemoFlags.Campaign) != 0 && !IsSameCampaign(memo.Source, session.Source) && memo.At != session.Start) continue;
            SessionRules.Extend(ref session, memo);
            if (memo.At < session.Start) (session.Start, session.Key, session.Entry) = (memo.At, memo.Key, memo.Page);
            return;
        }
        var place = Folded.Count;
        while (place > 0 && Folded[place - 1].Start > memo.At) place--;
        Folded.Insert(place, SessionRules.Begin(memo));
        CapSessions();
    }

    private void FoldOld()
    {
        var boundary = NewestAt - Limits.LateMsMax;
        var count = 0;
        while (count < Recent.Count && (Recent[count].At < boundary || Recent.Count - count > Limits.RecentHitsMax)) count++;
        if (count == 0) return;
        for (var i = 0; i < count; i++)
        {
            if (Recent[i].At >= boundary) Capped = true;
            Step(Folded, Recent[i]);
            Remember(Recent[i]);
        }
        Recent.RemoveRange(0, count);
        if (Folded.Count > Limits.SessionsMax)
        {
            CapSessions();
            Derive();
        }
    }

    // The first session stays: in a long sale the original source must not be forgotten.
    private void CapSessions()
    {
        if (Folded.Count <= Limits.SessionsMax) return;
        var surplus = Folded.Count - Limits.SessionsMax;
        for (var i = 1; i <= surplus; i++) KeepTouch(Folded[i]);
        Folded.RemoveRange(1, surplus);
        SessionsDropped += surplus;
        Capped = true;
    }

    private void KeepTouch(in Session session)
    {
        if (OldTouches.Count == Limits.OldTouchesMax) OldTouches.RemoveRange(0, 1);
        var place = OldTouches.Count;
        while (place > 0 && OldTouches[place - 1].At > session.Start) place--;
        OldTouches.Insert(place, new OldTouch(session.Start, session.Key, session.Source));
    }

    /// <summary>Keeps the step for the journey and its moment for counts.</summary>
    private void Remember(in Memo memo)
    {
        OldSteps.Insert(PlaceIn(OldSteps, memo), memo);
        if (OldSteps.Count > Limits.JourneyStepsMax) OldSteps.RemoveRange(0, 1);
        var place = OldMoments.Count;
        while (place > 0 && OldMoments[place - 1].At > memo.At) place--;
        OldMoments.Insert(place, new OldMoment(memo.At, memo.Name));
        var forgotten = 0;
        while (forgotten < OldMoments.Count && OldMoments[forgotten].At < NewestAt - Limits.WindowMsMax) forgotten++;
        if (OldMoments.Count - forgotten > Limits.OldMomentsMax)
        {
            forgotten = OldMoments.Count - Limits.OldMomentsMax;
            Capped = true;
        }
        if (forgotten > 0) OldMoments.RemoveRange(0, forgotten);
    }

    /// <summary>The session that a moment belongs to, or −1.</summary>
    public int SessionAt(long at)
    {
        for (var i = Sessions.Count - 1; i >= 0; i--)
            if (Sessions[i].Start <= at) return at - Sessions[i].End <= Limits.SessionGapMs ? i : -1;
        return -1;
    }
}
