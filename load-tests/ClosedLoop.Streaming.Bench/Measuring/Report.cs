using System.Globalization;
using System.Text;
using System.Text.Json;
using ClosedLoop.Streaming.Bench.Machine;

namespace ClosedLoop.Streaming.Bench.Measuring;

/// <summary>Slices as CSV, results as <c>bench.json</c> and as a dated Markdown table.</summary>
internal sealed class Report(BenchSettings settings)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<SliceRow> _slices = [];
    private readonly List<BenchResult> _results = [];
    private readonly List<(string Id, string Why)> _skipped = [];
    private readonly DateTimeOffset _began = TimeProvider.System.GetUtcNow();

    public void Add(SliceRow slice) => _slices.Add(slice);

    public void Add(BenchResult result) => _results.Add(result);

    public void Skip(string id, string why) => _skipped.Add((id, why));

    public void Write()
    {
        var stamp = _began.ToString("yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture);
        var table = Table();
        Console.Out.WriteLine(table);
        File.WriteAllText(Path.Combine(Repository.Results, stamp + ".md"), table);
        File.WriteAllText(Path.Combine(Repository.Results, stamp + ".csv"), Csv());
        File.WriteAllText(Path.Combine(Repository.Root, "bench.json"), Json());
    }

    private string Json() => JsonSerializer.Serialize(new
    {
        machine = MachineInfo.Describe(),
        commit = Repository.Commit,
        began = _began.ToString("O", CultureInfo.InvariantCulture),
        results = _results.Select(r => new
        {
            id = r.Id, ratio = Round(r.Ratio.Median), low = Round(r.Ratio.Low), high = Round(r.Ratio.High), ours = Round(r.Ours),
            opponent = r.IsAbsolute ? (double?)null : Round(r.Opponent), unit = r.Unit, durability = r.Durability, gate = r.Gate, passes = r.Passes,
            rounds = r.Rounds, second = r.Second, what = r.What,
        }),
        skipped = _skipped.Select(s => new { id = s.Id, why = s.Why }),
    }, Indented) + "\n";

    private string Csv()
    {
        var csv = new StringBuilder("bench,round,side,count,seconds,cpu_seconds\n");
        foreach (var (bench, round, side, slice) in _slices)
            csv.Append(CultureInfo.InvariantCulture, $"{bench},{round},{side},{slice.Count},{slice.Seconds:0.000000},{slice.CpuSeconds:0.000000}\n");
        return csv.ToString();
    }

    private string Table()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Benchmarks of {_began:yyyy-MM-dd HH:mm} UTC\n");
        text.Append(CultureInfo.InvariantCulture, $"{MachineInfo.Describe()}. Commit {Repository.Commit}. Load of the machine at the end: {MachineInfo.LoadAverage()}.");
        text.Append(settings.Quick ? " A quick look: few and short slices.\n\n" : "\n\n");
        text.Append("| id | measure | durability | ratio (95 %) | gate | ours | opponent | unit | rounds | second measure |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var r in _results)
            text.Append(CultureInfo.InvariantCulture, $"| {r.Id} | {r.What} | {r.Durability} | {Ratio(r)} | {(r.LowerIsBetter ? "≤" : "≥")} {r.Gate:0.##} {(r.Passes ? "✓" : "**missed**")} | {r.Ours:0.###} | {(r.IsAbsolute ? "–" : r.Opponent.ToString("0.###", CultureInfo.InvariantCulture))} | {r.Unit} | {r.Rounds} | {r.Second} |\n");
        foreach (var (id, why) in _skipped) text.Append(CultureInfo.InvariantCulture, $"\n{id} was not measured: {why}\n");
        return text.ToString();
    }

    private static string Ratio(BenchResult r) => string.Create(CultureInfo.InvariantCulture, $"**{r.Ratio.Median:0.###}** ({r.Ratio.Low:0.###}–{r.Ratio.High:0.###})");

    private static double Round(double value) => double.IsFinite(value) ? Math.Round(value, 6) : 0;
}
