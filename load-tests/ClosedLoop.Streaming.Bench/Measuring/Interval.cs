namespace ClosedLoop.Streaming.Bench.Measuring;

/// <summary>A median with a bootstrap 95 % interval.</summary>
internal readonly record struct Interval(double Median, double Low, double High)
{
    private const int Resamples = 4000;
    /// <summary>Fixed, so that the same slices give the same interval.</summary>
    private const int Seed = 20261121;

    public static Interval OfMedian(double[] values)
    {
        var random = new Random(Seed);
        var medians = new double[Resamples];
        var sample = new double[values.Length];
        for (var i = 0; i < Resamples; i++)
        {
            for (var j = 0; j < sample.Length; j++) sample[j] = values[random.Next(values.Length)];
            medians[i] = MedianOf(sample);
        }
        Array.Sort(medians);
        return new(MedianOf(values), medians[(int)(Resamples * 0.025)], medians[(int)(Resamples * 0.975)]);
    }

    /// <param name="quantile">0 to 1.</param>
    public static double Quantile(double[] values, double quantile)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    private static double MedianOf(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
