using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments;

/// <summary>Counts in a window: by silence events only leave, the oldest first.</summary>
internal static class Leaving
{
    public static bool Counted<T>(ref T person, byte[] name, long windowMs, Operator op, double number, long now, ref long due)
        where T : IMeasures, allows ref struct
    {
        var count = person.CountAfter(name, now - windowMs, out var oldest);
        var yes = op.Holds(count, number);
        // An order that holds (or not) for this many and for none holds (or not) for every count between.
        if (count == 0 || (op < Operator.Equal && op.Holds(0, number) == yes)) return yes;
        // With = and != it is asked again when the next one leaves: once too often, never too late.
        if (op < Operator.Equal) oldest = person.MomentAfter(name, now - windowMs, count - 1 - Left(count, op, number, yes));
        due = Math.Min(due, oldest + windowMs);
        return yes;
    }

    /// <summary>The count, on the way down, that changes the answer first.</summary>
    private static int Left(int count, Operator op, double number, bool yes)
    {
        while (op.Holds(--count, number) == yes) { }
        return count;
    }

    /// <summary>Lowers <paramref name="due"/> to when the count of an operand changes, if it is one.</summary>
    public static void Note<T>(ref T person, Operand operand, long now, ref long due) where T : IMeasures, allows ref struct
    {
        if (operand.Source != Source.Count) return;
        if (person.CountAfter(operand.Names[0], now - operand.WindowMs, out var oldest) > 0) due = Math.Min(due, oldest + operand.WindowMs);
    }
}
