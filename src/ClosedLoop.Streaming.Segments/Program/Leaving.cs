using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Counts in a window: by silence events only leave, the oldest first.</summary>
internal static class Leaving
{
    /// <summary>Leaving events that are looked through for the one that changes the answer; then the person is asked again when that one leaves.</summary>
    private const int StepsMax = 8;

    public static bool Counted<T>(ref T person, byte[] name, long windowMs, Operator op, double number, long now, ref long due)
        where T : IMeasures, allows ref struct
    {
        var count = person.CountAfter(name, now - windowMs, out var oldest);
        var yes = op.Holds(count, number);
        // An order that holds (or not) for this many and for none holds (or not) for every count between.
        if (count == 0 || (op < Operator.Equal && op.Holds(0, number) == yes)) return yes;
        for (var step = 1; ; step++)
        {
            var leaves = oldest + windowMs;
            var left = person.CountAfter(name, oldest, out oldest);
            if (op.Holds(left, number) == yes && left > 0 && step < StepsMax) continue;
            // With = and != the last event may leave without a change: asked once too often, never too late.
            due = Math.Min(due, leaves);
            return yes;
        }
    }

    /// <summary>Lowers <paramref name="due"/> to when the count of an operand changes, if it is one.</summary>
    public static void Note<T>(ref T person, Operand operand, long now, ref long due) where T : IMeasures, allows ref struct
    {
        if (operand.Source != Source.Count) return;
        if (person.CountAfter(operand.Names[0], now - operand.WindowMs, out var oldest) > 0) due = Math.Min(due, oldest + operand.WindowMs);
    }
}
