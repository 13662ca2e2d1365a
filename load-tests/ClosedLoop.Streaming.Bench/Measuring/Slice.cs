namespace ClosedLoop.Streaming.Bench.Measuring;

/// <summary>A few seconds of one side.</summary>
/// <param name="Count">Operations: hits, events, rows.</param>
/// <param name="Seconds">Wall clock.</param>
/// <param name="CpuSeconds">User and system time of the measured process tree or thread.</param>
internal readonly record struct Slice(long Count, double Seconds, double CpuSeconds)
{
    public double PerSecond => Count / Seconds;
    public double CpuMicros => CpuSeconds * 1e6 / Count;

    public static Slice operator +(Slice a, Slice b) => new(a.Count + b.Count, a.Seconds + b.Seconds, a.CpuSeconds + b.CpuSeconds);
}

/// <summary>A slice as it stands in the CSV.</summary>
/// <param name="Side">ours, opponent, or the name of a calibrator.</param>
internal sealed record SliceRow(string Bench, int Round, string Side, Slice Slice);
