using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>Tells what changed between two views of a browser's sessions: rows that are new or different, and rows that no longer are.</summary>
public sealed class SessionFacts(FactWriter facts)
{
    private readonly Slots<Session> _before = new();
    private readonly Slots<SaidSource> _saidBefore = new();

    public void Remember(History history)
    {
        _before.CopyFrom(history.Sessions);
        _saidBefore.CopyFrom(history.Said);
    }

    /// <summary>Sends a SessionChanged for each difference, and a TouchMade where a session began, moved or vanished.</summary>
    public void Tell(History history, long version)
    {
        var now = history.Sessions;
        var same = 0;
        while (same < now.Count && same < _before.Count && now[same] == _before[same]) same++;
        for (var i = same; i < now.Count; i++)
        {
            var known = Find(_before, same, now[i].Key, out var old);
            if (known && old == now[i]) continue;
            SendSession(history, now[i], version, deleted: false);
            if (!known || old.Start != now[i].Start || old.Source != now[i].Source) SendTouch(history, now[i], version, deleted: false);
        }
        for (var i = same; i < _before.Count; i++)
        {
            if (Find(now, same, _before[i].Key, out _) || IsDropped(history, _before[i])) continue;
            SendSession(history, _before[i], version, deleted: true);
            SendTouch(history, _before[i], version, deleted: true);
        }
        foreach (ref readonly var said in history.Said.Span)
            if (!_saidBefore.Span.Contains(said)) SendSaid(history, said, version);
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

    private void SendSaid(History history, in SaidSource said, long version)
    {
        var fact = facts.Begin(RecordKind.TouchMade)
            .Add(Field.TouchId, FactWriter.SaidId(facts.Site, facts.Key, said.Key)).Add(Field.Version, version)
            .Add(Field.OccurredMs, said.At).Add(Field.Evidence, said.Evidence == 2 ? "sales"u8 : "reported"u8);
        FactWriter.AddSource(fact, history, said.Source);
        facts.Send();
    }
}
