using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>One person's touches, steps and session, in order over all browsers.</summary>
internal sealed class Visits
{
    public const int StepsMax = 20;

    private readonly Person _person;
    private readonly byte[] _site;
    private readonly Func<int, byte[]> _keyOf;
    private readonly List<(long At, Id Id, History Part, short Source, string Evidence)> _touches = [];

    /// <param name="keyOf">Actor key under which a part made its sessions: the browser's, or the lead's own.</param>
    public Visits(Person person, string site, Func<int, byte[]> keyOf)
    {
        (_person, _site, _keyOf) = (person, Encoding.UTF8.GetBytes(site), keyOf);
        for (var i = 0; i < person.Parts.Count; i++) AddTouches(person.Parts[i], keyOf(i));
        _touches.Sort(static (a, b) => (a.At, a.Id).CompareTo((b.At, b.Id)));
    }

    public TouchView? First => _touches.Count == 0 ? null : View(_touches[0]);

    public TouchView? Last => _touches.Count == 0 ? null : View(_touches[^1]);

    public TouchView? LastNonDirect
    {
        get
        {
            var at = _touches.FindLastIndex(t => !PersonTouches.IsDirect(t.Part, t.Source));
            return at < 0 ? null : View(_touches[at]);
        }
    }

    public List<StepView> Journey()
    {
        var steps = new List<(Memo Memo, History Part)>();
        foreach (var part in _person.Parts)
        {
            foreach (ref readonly var memo in part.OldSteps.Span) steps.Add((memo, part));
            foreach (ref readonly var memo in part.Recent.Span) steps.Add((memo, part));
        }
        return [.. steps.OrderBy(s => s.Memo.At).ThenBy(s => s.Memo.Key).TakeLast(StepsMax).Select(s => Step(s.Memo, s.Part))];
    }

    /// <summary>Null when half an hour has passed since its last hit.</summary>
    public SessionView? Current(long nowMs)
    {
        if (!_person.LastSession(out var part, out var session) || nowMs - session.End > Limits.SessionGapMs) return null;
        var index = 0;
        while (!ReferenceEquals(_person.Parts[index], part)) index++;
        var source = session.Source;
        return new SessionView(FactWriter.SessionId(_site, _keyOf(index), session.Key).ToString(), ApiJson.Time(session.Start), ApiJson.Time(session.End),
            session.PageViews, session.Hits, session.Engaged, TextOrNull(part.PageText(session.Entry)), TextOrNull(part.PageText(session.Exit)),
            Encoding.UTF8.GetString(part.ChannelOf(source)), SourceText(part, source, s => s.Source) ?? "(direct)",
            SourceText(part, source, s => s.Medium) ?? "(none)", SourceText(part, source, s => s.Campaign));
    }

    private void AddTouches(History part, byte[] key)
    {
        foreach (ref readonly var session in part.Sessions.Span)
            _touches.Add((session.Start, FactWriter.SessionId(_site, key, session.Key), part, session.Source, "tracked"));
        foreach (ref readonly var said in part.Said.Span)
            _touches.Add((said.At, FactWriter.SaidId(_site, key, said.Key), part, said.Source, said.Evidence == 2 ? "sales" : "reported"));
    }

    private static StepView Step(in Memo memo, History part)
    {
        var session = part.SessionAt(memo.At);
        return new StepView(ApiJson.Time(memo.At), Encoding.UTF8.GetString(part.NameText(memo.Name)), TextOrNull(part.PageText(memo.Page)),
            session < 0 ? null : Encoding.UTF8.GetString(part.ChannelOf(part.Sessions[session].Source)));
    }

    private static TouchView View((long At, Id Id, History Part, short Source, string Evidence) touch) => new(
        ApiJson.Time(touch.At), Encoding.UTF8.GetString(touch.Part.ChannelOf(touch.Source)),
        SourceText(touch.Part, touch.Source, s => s.Source) ?? (touch.Source < 0 ? "(direct)" : null),
        SourceText(touch.Part, touch.Source, s => s.Medium) ?? (touch.Source < 0 ? "(none)" : null),
        SourceText(touch.Part, touch.Source, s => s.Campaign), touch.Evidence);

    private static string? SourceText(History part, short source, Func<SourceEntry, TextRef> of) => source < 0 ? null : TextOrNull(part[of(part.Sources[source])]);

    private static string? TextOrNull(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8);
}
