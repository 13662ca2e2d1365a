using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>
/// Judges one person against the rules and tells the changes. Silence and new rules come first, each at its own moment, so that the
/// result doesn't depend on when anybody looked: not on clock records, not on how far the background had come.
/// </summary>
public sealed partial class Judge(RulesBook book, FactWriter facts, Counters counters, StageDesk stages)
{
    private const int RoundsMax = 1000, PlainRoundsMax = 100;
    private readonly Judgement _judgement = new();
    private readonly ReusedJson _firstTouch = new(), _traits = new(), _measures = new();

    /// <summary>Everything that silence and published rules have changed up to <paramref name="nowMs"/>. True when the standing changed.</summary>
    public bool CatchUp(Standing standing, Person person, long nowMs)
    {
        if (!standing.WasJudged) return false;
        // Published is published: a hit that the door took a moment before, and the log has after, is judged no earlier.
        nowMs = Math.Max(nowMs, book.Current.PublishedMs);
        if (standing.RulesVersion < book.Current.Version) nowMs = Math.Max(nowMs, WholeSeconds(book.ClockMs));
        var moved = false;
        for (var round = 0; round < RoundsMax; round++)
        {
            var next = book.After(standing.RulesVersion);
            var due = standing.DueMs == 0 ? long.MaxValue : standing.DueMs;
            if (next is not null && next.PublishedMs <= Math.Min(due, nowMs))
            {
                var at = Math.Max(next.PublishedMs, standing.JudgedMs);
                standing.RulesVersion = next.Version;
                Run(standing, person, next, new Cause("rule", MomentId('r', next.Version), default, at, at, default, default, Notify: false));
            }
            else if (due <= nowMs)
            {
                Run(standing, person, book.At(standing.RulesVersion), new Cause("silence", MomentId('s', due), default, due, due, default, default));
            }
            else
            {
                return moved;
            }
            moved = true;
        }
        return moved;
    }

    /// <summary>The shelf wakes to the second: up to there a clock record has been heard by everybody.</summary>
    public static long WholeSeconds(long ms) => ms - ms % 1000;

    /// <summary>Judges because of an event (after <see cref="CatchUp"/>).</summary>
    public void OnEvent(Standing standing, Person person, in Cause cause)
    {
        var rules = book.Current;
        if (rules.Version == 0) return;
        // For a while nobody was here to be judged, so no rule has come to anybody.
        if (standing.RulesVersion < rules.Version) Renew(standing);
        standing.RulesVersion = rules.Version;
        Run(standing, person, rules, cause);
    }

    /// <summary>
    /// Judges somebody who stands alone again: what silence and rules changed meanwhile was told of the person that is left, so here it is one
    /// change, because of the separation.
    /// </summary>
    public void Return(Standing standing, Person person, in Cause cause)
    {
        Renew(standing);
        OnEvent(standing, person, cause);
    }

    /// <summary>The next judgement is by the current rules: what partitions know of older ones differs, and may be forgotten.</summary>
    public void Renew(Standing standing)
    {
        if (standing.WasJudged && book.Current.Version > 0) (standing.RulesVersion, standing.JudgedMs) = (book.Current.Version, Math.Max(standing.JudgedMs, book.Current.PublishedMs));
    }

    /// <summary>Tells a change of stage.</summary>
    public void Stage(Standing standing, Person person, Stage before, Stage now, ReadOnlySpan<byte> reason, in Cause cause)
    {
        if (before == now) return;
        var fact = facts.Begin(RecordKind.StageChanged)
            .Add(Field.Stage, Person.StageText(now)).Add(Field.PreviousStage, Person.StageText(before)).Add(Field.Reason, reason)
            .Add(Field.Sequence, ++standing.Sequence).Add(Field.ExternalId, person.ExternalId).Add(Field.EmailSealed, person.EmailSealed);
        if (!cause.Notify) fact.Add(Field.Quiet, 1L);
        AddCause(fact, cause);
        fact.Add(Field.FirstTouch, FirstTouchJson(person)).Add(Field.Channel, person.TextOf(TextMeasure.Channel));
        facts.Send();
    }

    /// <summary>
    /// Judges a visitor who has only looked at pages, stands as the current rules judged and is not due. True when something has changed:
    /// then <see cref="TellPlain"/> follows.
    /// </summary>
    public bool OnPlain(Standing standing, scoped ref readonly PlainHistory history, long nowMs)
    {
        var person = new PlainPerson(in history);
        var now = Math.Max(nowMs, standing.JudgedMs);
        var changed = book.Current.Judge(ref person, now, standing.Membership, _judgement);
        Judged(standing, now, _judgement.NextDue);
        return changed;
    }

    /// <summary>Tells what <see cref="OnPlain"/> found.</summary>
    public void TellPlain(Standing standing, Person person, in Cause cause)
    {
        foreach (var change in _judgement.Changes) Tell(standing, person, change, cause, standing.JudgedMs);
        standing.Membership = _judgement.Membership;
    }

    /// <summary>Whether the visitor stands as the current rules judged.</summary>
    public bool IsCurrent(Standing standing) => standing.WasJudged && standing.RulesVersion == book.Current.Version;

    /// <summary>
    /// <see cref="CatchUp"/> for such a visitor who has only looked at pages. False when silence did change something: that is told the long way,
    /// from the state as it was.
    /// </summary>
    public bool CatchUpPlain(Standing standing, scoped ref readonly PlainHistory history, long nowMs)
    {
        nowMs = Math.Max(nowMs, book.Current.PublishedMs);
        for (var round = 0; standing.DueMs != 0 && standing.DueMs <= nowMs; round++)
            if (round == PlainRoundsMax || OnPlain(standing, in history, standing.DueMs)) return false;
        return true;
    }

    private static void Judged(Standing standing, long now, long due) => (standing.JudgedMs, standing.DueMs) = (now, due == long.MaxValue ? 0 : due);

    private void Run(Standing standing, Person person, RuleSet rules, in Cause cause)
    {
        var now = Math.Max(cause.NowMs, standing.JudgedMs);
        // Once for all changes of this cause: the ordinal tells them apart.
        if (cause.Kind is "silence" or "rule") facts.Because(cause.Id, now);
        // Before the segments, whose rules may ask for the stage.
        var due = rules.Stages.Count == 0 ? long.MaxValue : RaiseByRules(standing, person, rules, now, cause);
        var changed = Changes(person, rules, now, standing.Membership);
        Judged(standing, now, Math.Min(due, _judgement.NextDue));
        if (!changed) return;
        foreach (var change in _judgement.Changes) Tell(standing, person, change, cause, now);
        standing.Membership = _judgement.Membership;
    }

    // Nearly everybody is one browser.
    private bool Changes(Person person, RuleSet rules, long now, ReadOnlySpan<byte> membership)
    {
        if (person.Parts.Count != 1) return rules.Judge(person, now, membership, _judgement);
        var sole = new SolePerson(person.Parts[0], person);
        return rules.Judge(ref sole, now, membership, _judgement);
    }

    // Forward only, one stage after the other, and only while no person has decided.
    private long RaiseByRules(Standing standing, Person person, RuleSet rules, long now, in Cause cause)
    {
        var due = long.MaxValue;
        if (!stages.IsOpen || rules.StagesOf(facts.Site) is not { } own || person.IsDecided()) return due;
        var before = person.StageNow().Stage;
        while (own.Asks(person, before, now, ref due) is var asked && asked != before)
        {
            stages.Raise(person, now, asked, cause.Id);
            Stage(standing, person, before, asked, "rule"u8, cause);
            before = asked;
        }
        return due;
    }

    private void Tell(Standing standing, Person person, in SegmentChange change, in Cause cause, long now)
    {
        counters.SegmentChanges++;
        var sequence = ++standing.Sequence;
        if (facts.IsSilent) return;
        var notify = cause.Notify || change.Segment.Notify;
        var fact = facts.Begin(RecordKind.SegmentChanged)
            .Add(Field.Segment, change.Segment.NameUtf8.Span).Add(Field.Group, change.Segment.Group)
            .Add(Field.Previous, change.Previous is { } previous ? previous.NameUtf8.Span : default)
            .Add(Field.Change, change.Entered ? "entered"u8 : "left"u8).Add(Field.RuleVersion, (long)change.Segment.Version)
            .Add(Field.Sequence, sequence).Add(Field.FirstEntry, change.First ? 1L : 0L)
            .Add(Field.Stage, person.TextOf(TextMeasure.Stage)).Add(Field.Channel, person.TextOf(TextMeasure.Channel))
            .Add(Field.ExternalId, person.ExternalId).Add(Field.EmailSealed, person.EmailSealed)
            .Add(Field.FirstTouch, FirstTouchJson(person)).Add(Field.Traits, TraitsJson(person))
            .Add(Field.Action, change.Segment.ActionUtf8.Span);
        if (change.Segment.Rule is { } rule) fact.Add(Field.Measures, MeasuresJsonOf(rule, person, now));
        if (!notify) fact.Add(Field.Quiet, 1L);
        AddCause(fact, cause);
        facts.Send();
    }

    private static void AddCause(RecordWriter fact, in Cause cause)
    {
        fact.Add(Field.CauseKind, cause.Kind).Add(Field.CauseId, cause.Id).Add(Field.CauseName, cause.Name.Span)
            .Add(Field.CauseMs, cause.OccurredMs).Add(Field.CausePage, cause.Page.Span).Add(Field.History, cause.IsHistory ? 1L : 0L);
        fact.Add(Field.VisitorId, cause.VisitorId.Span);
    }

    // Of silence and rules: who, and which moment or version, so that two people never share a cause and a replay finds the same.
    private Id MomentId(char kind, long moment)
    {
        Span<byte> bytes = stackalloc byte[facts.Site.Length + facts.Key.Length + 10];
        facts.Site.CopyTo(bytes);
        bytes[facts.Site.Length] = 0;
        facts.Key.CopyTo(bytes[(facts.Site.Length + 1)..]);
        bytes[^9] = (byte)kind;
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes[^8..], moment);
        return Id.OfBytes(bytes);
    }

    private ReadOnlySpan<byte> FirstTouchJson(Person person)
    {
        if (!person.FirstSession(out var part, out var session)) return default;
        TouchJson.Write(_firstTouch.Begin(), part, session.Source, session.Start, "tracked"u8);
        return _firstTouch.Written;
    }

    private ReadOnlySpan<byte> TraitsJson(Person person)
    {
        var any = false;
        foreach (var part in person.Parts) any |= part.Traits.Count > 0;
        if (!any) return default;
        TouchJson.WriteTraits(_traits.Begin(), person);
        return _traits.Written;
    }

    private ReadOnlySpan<byte> MeasuresJsonOf(Rule rule, Person person, long now)
    {
        MeasuresJson.Write(rule, ref person, now, _measures.Begin());
        return _measures.Written;
    }
}
