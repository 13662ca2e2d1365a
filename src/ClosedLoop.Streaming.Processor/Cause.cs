using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What caused a change: the record or the silence, as webhooks tell it (CONTRACT.md §5).</summary>
/// <param name="Kind">event, silence, rule, link, import.</param>
/// <param name="Id">Id of the cause; for silence a hash of person and moment, so that a replay finds the same.</param>
/// <param name="Name">Event name; empty for silence and rules.</param>
/// <param name="OccurredMs">When it happened.</param>
/// <param name="NowMs">Time of the record that caused it: the "now" of the judgement.</param>
/// <param name="Page">Path of the page; empty when none.</param>
/// <param name="VisitorId">The browser it came from; empty when none.</param>
/// <param name="Notify">Rule changes tell webhooks only when asked to.</param>
/// <remarks>Texts are slices of the record that is worked on: most causes change nothing, and are never written down.</remarks>
public readonly record struct Cause(
    string Kind, Id Id, ReadOnlyMemory<byte> Name, long OccurredMs, long NowMs, ReadOnlyMemory<byte> Page, ReadOnlyMemory<byte> VisitorId, bool Notify = true)
{
    private const long HistoryMs = 24L * 3600 * 1000;

    /// <summary>The collector heard of it more than a day after it happened (CONTRACT.md §5).</summary>
    public bool IsHistory => NowMs - OccurredMs > HistoryMs;
}
