using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>What became of an event.</summary>
public enum Outcome : byte
{
    /// <summary>New, and the history changed.</summary>
    Applied,
    /// <summary>New, kept in the archive, but moves nothing (bots).</summary>
    Noted,
    /// <summary>Known already: nothing changed.</summary>
    Duplicate,
}

/// <summary>What applying an event did to the order of things.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="IsNewest">Nothing that was derived before has changed but the last session.</param>
/// <param name="Session">Index of the event's session in <see cref="History.Sessions"/>, −1 none.</param>
public readonly record struct Applied(Outcome Outcome, bool IsNewest, int Session);

/// <summary>Apply(state, event): one event into a history. Uses the event's own time; never a clock (DESIGN.md §4).</summary>
public static class HistoryWriter
{
    /// <summary>The order of hits with one moment, and what names a session: of the sender's id where there is one, else of the door's.</summary>
    public static ulong KeyOf(RecordReader e)
    {
        var id = e[Field.EventId];
        return id.IsEmpty ? e.Id.High * 0x9E3779B97F4A7C15UL ^ e.Id.Low : XxHash.Hash64(id, 0xE1D);
    }

    public static Applied Apply(History history, RecordReader e, scoped in ResolvedSource source, SiteRules site)
    {
        var key = KeyOf(e);
        if (!Repetition.IsNew(history, e, key)) return new Applied(Outcome.Duplicate, true, -1);
        if (e.Has(Field.BotClass)) return new Applied(Outcome.Noted, true, -1);

        var at = e.OccurredMs;
        var name = history.NameOf(e[Field.Name]);
        var flags = FlagsOf(e, name, source);
        var isVisit = (flags & MemoFlags.Visit) != 0;
        var memo = new Memo(at, key, name,
            e.Has(Field.PageUrl) ? history.PageOf(PagePath.Of(e[Field.PageUrl])) : (short)-1,
            isVisit && !source.IsNone ? history.SourceOf(source) : (short)-1, flags);
        var isNewest = history.Place(memo);
        Count(history, e, memo, isVisit);
        PersonWriter.Apply(history, e, at, key, source, site);
        MoneyWriter.Apply(history, e, name, at, key, site);
        return new Applied(Outcome.Applied, isNewest, history.SessionAt(at));
    }

    private static MemoFlags FlagsOf(RecordReader e, ushort name, scoped in ResolvedSource source)
    {
        var flags = MemoFlags.None;
        // A form that a CRM reports of a person, without page, campaign or browser, is no visit.
        var byBrowser = e.Has(Field.PageUrl)
            || name is EventNames.Click or EventNames.FormSubmit or EventNames.PageView && (source.HasCampaign || e.Key is [(byte)'v', ..]);
        if (byBrowser && !EventNames.IsAboutPerson(name)) flags |= MemoFlags.Visit;
        if (name == EventNames.PageView) flags |= MemoFlags.PageView;
        if (EventNames.IsKeyEvent(name)) flags |= MemoFlags.KeyEvent;
        if (source.HasCampaign) flags |= MemoFlags.Campaign;
        if (source.IsPayment) flags |= MemoFlags.Payment;
        return flags;
    }

    private static void Count(History history, RecordReader e, in Memo memo, bool isVisit)
    {
        if ((memo.Flags & MemoFlags.PageView) != 0) history.PageViews++;
        if (isVisit)
        {
            if (history.FirstSeen == 0 || memo.At < history.FirstSeen) history.FirstSeen = memo.At;
            if (memo.At > history.LastSeen) history.LastSeen = memo.At;
            history.Country = Latest(history, history.Country, e[Field.Country], memo.At, memo.Key);
            history.Device = Latest(history, history.Device, e[Field.DeviceClass], memo.At, memo.Key);
        }
        var bySales = memo.Name is EventNames.MessageSent || memo.Name is EventNames.Contacted && e[Field.Direction].SequenceEqual("out"u8);
        if (!bySales && memo.At > history.LastActivity) history.LastActivity = memo.At;
        if (memo.Name is EventNames.AddToCart or EventNames.BeginCheckout && memo.At > history.LastCart) history.LastCart = memo.At;
    }

    /// <summary>The later of what is known and what is said, by (time, key).</summary>
    internal static LastText Latest(History history, LastText known, ReadOnlySpan<byte> said, long at, ulong key)
    {
        if (said.IsEmpty || known.At > at || known.At == at && known.Key >= key && !known.Text.IsEmpty) return known;
        // The same text again keeps its place in the arena.
        return history[known.Text].SequenceEqual(said)
            ? known with { At = at, Key = key }
            : new LastText(history.Keep(said, 512), at, key);
    }
}
