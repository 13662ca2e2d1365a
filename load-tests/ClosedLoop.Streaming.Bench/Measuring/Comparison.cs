namespace ClosedLoop.Streaming.Bench.Measuring;

/// <summary>Rounds of slices in the order A B B A, so that a drift of the machine meets both sides alike.</summary>
internal sealed class Comparison
{
    private readonly List<(Slice Ours, Slice Opponent)> _rounds = [];

    public int Rounds => _rounds.Count;
    public Slice Ours => _rounds.Select(r => r.Ours).Aggregate((a, b) => a + b);
    public Slice Opponent => _rounds.Select(r => r.Opponent).Aggregate((a, b) => a + b);

    /// <summary>Above 1: we need less CPU time per operation.</summary>
    public Interval Cpu => Interval.OfMedian([.. _rounds.Select(r => r.Opponent.CpuMicros / r.Ours.CpuMicros)]);

    /// <summary>Above 1: we do more per second.</summary>
    public Interval Throughput => Interval.OfMedian([.. _rounds.Select(r => r.Ours.PerSecond / r.Opponent.PerSecond)]);

    /// <param name="between">Runs before each round: calibrators, cleaning up.</param>
    public static async Task<Comparison> RunAsync(Stage stage, int rounds, Func<Task<Slice>> ours, Func<Task<Slice>> opponent, Func<Task>? between)
    {
        var comparison = new Comparison();
        for (var round = 1; round <= rounds; round++)
        {
            if (between is not null) await between();
            Slice Keep(string side, Slice slice)
            {
                stage.Report.Add(new SliceRow(stage.Id, round, side, slice));
                return slice;
            }
            var a1 = Keep("ours", await ours());
            var b1 = Keep("opponent", await opponent());
            var b2 = Keep("opponent", await opponent());
            var a2 = Keep("ours", await ours());
            var (a, b) = (a1 + a2, b1 + b2);
            comparison._rounds.Add((a, b));
            stage.Say(FormattableString.Invariant(
                $"round {round}/{rounds}: {a.PerSecond:N0}/s and {a.CpuMicros:0.000} µs against {b.PerSecond:N0}/s and {b.CpuMicros:0.000} µs: {b.CpuMicros / a.CpuMicros:0.000} by CPU, {a.PerSecond / b.PerSecond:0.000} by throughput"));
        }
        return comparison;
    }
}
