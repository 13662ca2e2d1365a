namespace ClosedLoop.Streaming.Segments;

/// <summary>Turns "so many days since" into the millisecond at which the answer changes. Exact: no floating point between.</summary>
internal static class Boundary
{
    public const long DayMs = 86_400_000;

    /// <summary>Beyond any elapsed time, and still free of overflow when a moment is added.</summary>
    private const long Never = 1L << 60;

    /// <summary>
    /// Smallest elapsed ms at which <c>elapsed &lt; threshold</c> (or &lt;=) has become false, which is where &gt;= (or &gt;) becomes true.
    /// </summary>
    public static long Of(Operator op, decimal thresholdMs)
    {
        if (thresholdMs >= Never) return Never;
        if (thresholdMs <= -Never) return -Never;
        return op is Operator.Less or Operator.AtLeast
            ? (long)decimal.Ceiling(thresholdMs)
            : (long)decimal.Floor(thresholdMs) + 1;
    }

    /// <summary>The same for a threshold that a measure gives; NaN must be sorted out before.</summary>
    public static long Of(Operator op, double thresholdMs)
    {
        if (thresholdMs >= Never) return Never;
        if (thresholdMs <= -Never) return -Never;
        return op is Operator.Less or Operator.AtLeast ? (long)Math.Ceiling(thresholdMs) : (long)Math.Floor(thresholdMs) + 1;
    }
}
