using ClosedLoop.Streaming.Bench.Benches;
using ClosedLoop.Streaming.Bench.Measuring;

namespace ClosedLoop.Streaming.Bench;

/// <summary>All benchmarks in order. One that can't run says why, and the others go on.</summary>
internal static class BenchRun
{
    private static readonly IBench[] All =
        [new CoreBench(), new PixelBench(), new OneShotBench(), new DiskBench(), new WebhookBench(), new WarehouseBench(), new ReportsBench(), new StartBench()];

    public static IEnumerable<string> Ids => All.SelectMany(bench => bench.Ids);

    public static async Task<int> RunAsync(BenchSettings settings)
    {
        using var folder = new ScratchFolder();
        var report = new Report(settings);
        var failed = 0;
        foreach (var bench in All.Where(bench => bench.Ids.Any(settings.Wants)))
        {
            var stage = new Stage(settings, report, Path.Combine(folder.Path, bench.Ids[0]), bench.Ids[0]);
            stage.Say("starts");
            try
            {
                foreach (var result in (await bench.RunAsync(stage)).Where(result => settings.Wants(result.Id))) report.Add(result);
            }
            catch (Exception e) when (e is BenchSkippedException or HttpRequestException or IOException or TimeoutException)
            {
                failed += e is BenchSkippedException ? 0 : 1;
                report.Skip(stage.Id, e.Message);
                stage.Say($"could not be measured: {e.Message}");
            }
        }
        report.Write();
        return failed == 0 ? 0 : 1;
    }
}

internal interface IBench
{
    /// <summary>The rows that it measures.</summary>
    IReadOnlyList<string> Ids { get; }

    /// <summary>One result, or several where one run gives several numbers.</summary>
    Task<IReadOnlyList<BenchResult>> RunAsync(Stage stage);
}

/// <summary>A part is missing on this machine; says which.</summary>
internal sealed class BenchSkippedException(string message) : Exception(message);

/// <summary>What a benchmark works with: settings, a folder of its own, and where its slices go.</summary>
internal sealed class Stage(BenchSettings settings, Report report, string folder, string id)
{
    public BenchSettings Settings { get; } = settings;
    public Report Report { get; } = report;
    public string Id { get; } = id;

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    public void Say(string text) => Console.Error.WriteLine($"{Id,-4} {text}");

    public Task<Comparison> CompareAsync(int rounds, Func<Task<Slice>> ours, Func<Task<Slice>> opponent, Func<Task>? between = null) =>
        Comparison.RunAsync(this, rounds, ours, opponent, between);
}

/// <summary>Where servers keep their data while they are measured; gone afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    // On the disk of the working folder and not in /tmp, which may be memory.
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(Repository.Root, "artifacts", $"bench-{Environment.ProcessId}")).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
