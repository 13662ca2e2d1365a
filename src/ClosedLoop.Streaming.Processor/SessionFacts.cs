using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Tells what changed between two views of a browser's sessions: rows that are new or different, and rows that no longer are.</summary>
public sealed class SessionFacts(FactWriter facts)
{
    private readonly History _remembered = new();

    /// <summary>Keeps the sessions as they are, for the next <see cref="Tell(History, long)"/>.</summary>
    public void Remember(History history)
    {
        _remembered.Sessions.CopyFrom(history.Sessions);
        _remembered.Said.CopyFrom(history.Said);
    }

    /// <summary>Tells what has changed since <see cref="Remember"/>.</summary>
    public void Tell(History history, long version) => Tell(_remembered, history, version);

    /// <summary>A hit that is the newest of all: at most the last session has changed, or one was added.</summary>
    public void TellLast(in SessionMark before, History history, long version)
    {
        if (history.Sessions.Count == 0) return;
        ref readonly var last = ref history.Sessions.Last;
        if (before.Count == history.Sessions.Count + history.SessionsDropped)
        {
            if (before.Last != last) SendSession(history, last, version, deleted: false);
            return;
        }
        SendSession(history, last, version, deleted: false);
        SendTouch(history, last, version, deleted: false);
    }

    /// <summary>Sends a SessionChanged for each difference, and a TouchMade where a session began, moved or vanished.</summary>
    public void Tell(History before, History history, long version)
    {
        var now = history.Sessions;
        var old = before.Sessions;
        var same = 0;
        while (same < now.Count && same < old.Count && now[same] == old[same]) same++;
        for (var i = same; i < now.Count; i++)
        {
            var known = Find(old, same, now[i].Key, out var earlier);
            if (known && earlier == now[i]) continue;
            SendSession(history, now[i], version, deleted: false);
            if (!known || earlier.Start != now[i].Start || earlier.Source != now[i].Source) SendTouch(history, now[i], version, deleted: false);
        }
        for (var i = same; i < old.Count; i++)
        {
            if (Find(now, same, old[i].Key, out _) || IsDropped(history, old[i])) continue;
            SendSession(history, old[i], version, deleted: true);
            SendTouch(history, old[i], version, deleted: true);
        }
        foreach (ref readonly var said in history.Said.Span)
            if (!before.Said.Span.Contains(said)) SendSaid(history, said, version);
    }

    // A session that the cap pushed out of memory is still true; only the memory lost it.
    private static bool IsDropped(History history, in Session session) =>
        history.SessionsDropped > 0 && history.Sessions.Count > 1 && session.Start < history.Sessions[1].Start;

    private static bool Find(Slots<Session> sessions, int from, ulong key, out Session found)
    {
        for (var i = from; i < sessions.Count; i++)
        {
            if (sessions[i].Key != key) continue;
            found = sessions[i];
            return true;
        }
        found = default;
        return false;
    }

    private void SendSession(History history, in Session session, long version, bool deleted)
    {
        var fact = facts.Begin(RecordKind.SessionChanged)
            .Add(Field.SessionId, FactWriter.SessionId(facts.Site, facts.Key, session.Key)).Add(Field.Version, version)
            .Add(Field.SessionStartMs, session.Start).Add(Field.SessionEndMs, session.End)
            .Add(Field.PageViews, (long)session.PageViews).Add(Field.Hits, (long)session.Hits).Add(Field.Engaged, session.Engaged ? 1L : 0L)
            .Add(Field.EntryPage, history.PageText(session.Entry)).Add(Field.ExitPage, history.PageText(session.Exit))
            .Add(Field.DeviceClass, history[history.Device.Text]).Add(Field.Country, history[history.Country.Text]);
        FactWriter.AddSource(fact, history, session.Source);
        if (deleted) fact.Add(Field.Deleted, 1L);
        facts.Send();
    }

    private void SendTouch(History history, in Session session, long version, bool deleted)
    {
        var fact = facts.Begin(RecordKind.TouchMade)
            .Add(Field.TouchId, FactWriter.SessionId(facts.Site, facts.Key, session.Key)).Add(Field.Version, version)
            .Add(Field.OccurredMs, session.Start).Add(Field.Evidence, "tracked"u8);
        FactWriter.AddSource(fact, history, session.Source);
        if (deleted) fact.Add(Field.Deleted, 1L);
        facts.Send();
    }

    /// <summary>The same for a session of a plain history.</summary>
    public void Send(scoped in PlainHistory history, in Session session, long version)
    {
        var fact = facts.Begin(RecordKind.SessionChanged)
            .Add(Field.SessionId, FactWriter.SessionId(facts.Site, facts.Key, session.Key)).Add(Field.Version, version)
            .Add(Field.SessionStartMs, session.Start).Add(Field.SessionEndMs, session.End)
            .Add(Field.PageViews, (long)session.PageViews).Add(Field.Hits, (long)session.Hits).Add(Field.Engaged, session.Engaged ? 1L : 0L)
            .Add(Field.EntryPage, history.PageText(session.Entry)).Add(Field.ExitPage, history.PageText(session.Exit))
            .Add(Field.DeviceClass, history.DeviceText).Add(Field.Country, history.CountryText);
        AddSource(fact, history, session.Source);
        facts.Send();
    }

    /// <summary>The touch that its beginning is.</summary>
    public void SendTouch(scoped in PlainHistory history, in Session session, long version)
    {
        var fact = facts.Begin(RecordKind.TouchMade)
            .Add(Field.TouchId, FactWriter.SessionId(facts.Site, facts.Key, session.Key)).Add(Field.Version, version)
            .Add(Field.OccurredMs, session.Start).Add(Field.Evidence, "tracked"u8);
        AddSource(fact, history, session.Source);
        facts.Send();
    }

    // In the order of a source's texts.
    private static ReadOnlySpan<Field> SourceFields =>
        [Field.Channel, Field.Source, Field.Medium, Field.Campaign, Field.Term, Field.Content, Field.ClickId, Field.Network, Field.RefrMedium, Field.RefrSource];

    private static void AddSource(RecordWriter fact, scoped in PlainHistory history, short source)
    {
        if (source < 0)
        {
            fact.Add(Field.Channel, "Direct"u8);
            return;
        }
        var place = 0;
        foreach (var text in new Texts(history.Sources[source], SourceFields.Length)) fact.Add(SourceFields[place++], text);
    }

    private void SendSaid(History history, in SaidSource said, long version)
    {
        var fact = facts.Begin(RecordKind.TouchMade)
            .Add(Field.TouchId, FactWriter.SaidId(facts.Site, facts.Key, said.Key)).Add(Field.Version, version)
            .Add(Field.OccurredMs, said.At).Add(Field.Evidence, said.Evidence == 2 ? "sales"u8 : "reported"u8);
        FactWriter.AddSource(fact, history, said.Source);
        facts.Send();
    }
}

/// <summary>What the sessions of a browser were like before a hit: enough to tell what the newest of all changed.</summary>
/// <param name="Count">Of all, also of those that the cap has dropped.</param>
/// <param name="Last">The last; the default when there is none.</param>
/// <param name="Said">How many touches were said.</param>
public readonly record struct SessionMark(int Count, Session Last, int Said)
{
    public static SessionMark Of(History history) => new(
        history.Sessions.Count + history.SessionsDropped, history.Sessions.Count == 0 ? default : history.Sessions.Last, history.Said.Count);

    /// <summary>Nothing but the last session can have changed, or at most one was added.</summary>
    public bool IsFollowedBy(History history) => history.Said.Count == Said && history.Sessions.Count + history.SessionsDropped - Count is 0 or 1;
}
