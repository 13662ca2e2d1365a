using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Processor;

/// <summary>What is noted of an event that had no effect. The door can't know where a person stands, so it can't refuse it.</summary>
internal static class StageNotes
{
    /// <summary>step_back_without_reason, or empty. As first known: what comes later may still give the word a meaning.</summary>
    /// <param name="person">With the event.</param>
    public static ReadOnlySpan<byte> Of(RecordReader e, Person person)
    {
        if (!e.Has(Field.Stage) || e.Has(Field.Reason) || !e[Field.Name].SequenceEqual("stage_changed"u8)) return default;
        var key = HistoryWriter.KeyOf(e);
        foreach (ref readonly var turn in person.StageTurns())
            if (turn.By == StageBy.Said && turn.Key == key && turn.At == e.OccurredMs) return turn.Ignored ? "step_back_without_reason"u8 : default;
        return default;
    }
}
