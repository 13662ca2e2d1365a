namespace ClosedLoop.Streaming.Segments;

/// <summary>
/// What judging a person gave. Made once by the caller and used again for every person; not safe for two threads.
/// Contents hold until the next judging.
/// </summary>
public sealed class Judgement
{
    private readonly List<SegmentChange> _changes = [];

    /// <summary>
    /// Vanished segments that were left (by name), then the rest in order of (order, name) of the segment. Empty when the membership
    /// changed only in form.
    /// </summary>
    public IReadOnlyList<SegmentChange> Changes => _changes;

    /// <summary>
    /// Earliest unix ms after "now" at which anything may change by silence alone; <see cref="long.MaxValue"/> when never.
    /// Judging at or after it is necessary, judging before it is not.
    /// </summary>
    public long NextDue { get; internal set; }

    /// <summary>The membership to store; meaningful only when judging returned true. Never empty then.</summary>
    public ReadOnlySpan<byte> Membership => Writer.Written;

    internal MembershipWriter Writer { get; } = new();

    internal List<SegmentChange> ChangeList => _changes;

    internal List<Held> Stored { get; } = [];

    internal List<Held> Kept { get; } = [];

    internal void Begin()
    {
        if (_changes.Count > 0) _changes.Clear();
        Writer.Clear();
        NextDue = long.MaxValue;
    }
}

/// <summary>One change of a person's membership.</summary>
/// <param name="Segment">Entered or left; a vanished one (version 0) only left.</param>
/// <param name="Previous">The segment of the same group that the person was in until now; null otherwise.</param>
/// <param name="Entered">False: left, and no segment of the group follows.</param>
/// <param name="First">Entered by the very first judging of this person (CONTRACT.md §5: sent only to endpoints with <c>first</c>).</param>
public readonly record struct SegmentChange(Segment Segment, Segment? Previous, bool Entered, bool First);
