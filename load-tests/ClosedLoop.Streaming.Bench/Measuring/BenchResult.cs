namespace ClosedLoop.Streaming.Bench.Measuring;

/// <summary>One row of the table.</summary>
/// <param name="Gate">The least (or, where lower is better, the most) that passes.</param>
/// <param name="Second">The second measure in words, with its number.</param>
internal sealed record BenchResult(
    string Id, string What, Interval Ratio, double Ours, double Opponent, string Unit, string Durability, double Gate, string Second, int Rounds)
{
    /// <summary>For latencies, memory and starts.</summary>
    public bool LowerIsBetter { get; init; }
    /// <summary>The ratio is an absolute figure, because the row has no opponent.</summary>
    public bool IsAbsolute { get; init; }

    public bool Passes => LowerIsBetter ? Ratio.Median <= Gate : Ratio.Median >= Gate;
}
