using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// All segments as published at one moment. Immutable and safe for any number of threads; a new publication is a new set.
/// </summary>
public sealed class RuleSet
{
    private readonly Segment[] _segments;
    private readonly Steps _steps, _plainSteps;
    private readonly SegmentIndex _index;

    internal RuleSet(Segment[] sorted, long version, long publishedMs)
    {
        _segments = sorted;
        _index = new SegmentIndex(sorted);
        _steps = Emitter.Emit(sorted, _index, plain: false);
        _plainSteps = Emitter.Emit(sorted, _index, plain: true);
        Version = version;
        PublishedMs = publishedMs;
    }

    /// <summary>The same segments, with stage rules.</summary>
    public RuleSet With(IReadOnlyList<(byte[] Site, StageRules Rules)> stages) => stages.Count == 0 ? this : new RuleSet(_segments, Version, PublishedMs) { Stages = stages };

    /// <summary>No segments, version 0.</summary>
    public static RuleSet Empty { get; } = new([], 0, 0);

    public long Version { get; }

    /// <summary>Unix ms.</summary>
    public long PublishedMs { get; }

    /// <summary>By (order, name).</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Stage rules by the id of their site, as published with the segments.</summary>
    public IReadOnlyList<(byte[] Site, StageRules Rules)> Stages { get; init; } = [];

    /// <summary>Null when the site has none.</summary>
    public StageRules? StagesOf(ReadOnlySpan<byte> site)
    {
        for (var i = 0; i < Stages.Count; i++)
            if (site.SequenceEqual(Stages[i].Site)) return Stages[i].Rules;
        return null;
    }

    /// <summary>Null when the set has no segment of that name.</summary>
    public Segment? Find(string name) => Array.Find(_segments, segment => segment.Name == name);

    /// <summary>False with all mistakes when a definition is wrong; see <see cref="RuleSetBuilder"/> for what is checked.</summary>
    public static bool TryBuild(IEnumerable<SegmentDefinition> definitions, long version, long publishedMs,
        out RuleSet set, out IReadOnlyList<SegmentMistake> mistakes) =>
        RuleSetBuilder.TryBuild(definitions, version, publishedMs, out set, out mistakes);

    /// <summary>
    /// Judges a person: in each group the first segment that matches, and every segment on its own that matches. Allocates nothing
    /// when nothing changes.
    /// </summary>
    /// <param name="person">The person's measures; a class, or a (ref) struct without boxing.</param>
    /// <param name="now">Unix ms of the record that is the cause; entered segments are dated with it.</param>
    /// <param name="membership">As stored: what the last judging that returned true gave; empty for somebody never judged.</param>
    /// <param name="judgement">Receives changes, new membership and next due time.</param>
    /// <returns>True when the membership's bytes changed and must be stored, changes or not.</returns>
    /// <exception cref="InvalidDataException">The stored bytes are no membership.</exception>
    public bool Judge<T>(ref T person, long now, ReadOnlySpan<byte> membership, Judgement judgement) where T : IMeasures, allows ref struct =>
        Judge(_steps, ref person, now, membership, judgement);

    /// <summary>The same for a visitor who has only looked at pages: what such a one cannot answer otherwise is not asked.</summary>
    /// <inheritdoc cref="Judge{T}(ref T, long, ReadOnlySpan{byte}, Judgement)"/>
    public bool Judge(ref PlainPerson person, long now, ReadOnlySpan<byte> membership, Judgement judgement) =>
        Judge(_plainSteps, ref person, now, membership, judgement);

    private bool Judge<T>(Steps steps, ref T person, long now, ReadOnlySpan<byte> membership, Judgement judgement) where T : IMeasures, allows ref struct
    {
        judgement.Begin();
        var due = long.MaxValue;
        var truth = new MemberBits();
        steps.Run(ref person, now, ref due, ref truth);
        judgement.NextDue = due;

        if (!membership.IsEmpty && _index.IsSame(membership, ref truth)) return false;
        Settlement.Settle(_segments, _index, ref truth, now, membership, judgement);
        return true;
    }

    /// <inheritdoc cref="Judge{T}"/>
    public bool Judge(IMeasures person, long now, ReadOnlySpan<byte> membership, Judgement judgement) =>
        Judge(ref person, now, membership, judgement);
}
