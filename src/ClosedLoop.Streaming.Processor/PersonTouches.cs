using ClosedLoop.Streaming.Credit;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>All touches of a person, of every browser and what was said, by (time, id), with where to read their source.</summary>
public sealed class PersonTouches
{
    private readonly List<(Touch Touch, History Part, short Source)> _all = [];
    private Touch[] _touches = [];

    public ReadOnlySpan<Touch> Touches => _touches.AsSpan(0, _all.Count);

    public (History Part, short Source) SourceOf(int index) => (_all[index].Part, _all[index].Source);

    /// <param name="keyOf">Actor key under which a part made its sessions: the browser's, or the lead's own.</param>
    public void Read(Person person, ReadOnlySpan<byte> site, Func<int, byte[]> keyOf)
    {
        _all.Clear();
        for (var i = 0; i < person.Parts.Count; i++)
        {
            var part = person.Parts[i];
            if (part.Sessions.Count == 0 && part.Said.Count == 0) continue;
            var key = keyOf(i);
            foreach (ref readonly var session in part.Sessions.Span)
                _all.Add((new Touch(FactWriter.SessionId(site, key, session.Key), session.Start, IsDirect(part, session.Source)), part, session.Source));
            foreach (ref readonly var old in part.OldTouches.Span)
                _all.Add((new Touch(FactWriter.SessionId(site, key, old.Key), old.At, IsDirect(part, old.Source)), part, old.Source));
            foreach (ref readonly var said in part.Said.Span)
                _all.Add((new Touch(FactWriter.SaidId(site, key, said.Key), said.At, IsDirect(part, said.Source)), part, said.Source));
        }
        _all.Sort(static (a, b) => (a.Touch.TimeMs, a.Touch.Id).CompareTo((b.Touch.TimeMs, b.Touch.Id)));
        // Many browsers may bring more than can share one conversion: the very first and the latest count.
        if (_all.Count > Attribution.TouchesMax) _all.RemoveRange(1, _all.Count - Attribution.TouchesMax);
        if (_touches.Length < _all.Count) _touches = new Touch[Math.Max(_all.Count, 16)];
        for (var i = 0; i < _all.Count; i++) _touches[i] = _all[i].Touch;
    }

    public static bool IsDirect(History part, short source) => source < 0 || part[part.Sources[source].Channel].SequenceEqual("Direct"u8);
}
