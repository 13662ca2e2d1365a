using System.Diagnostics;

namespace ClosedLoop.Streaming.Bench.Machine;

/// <summary>The server's core is the first, the generator's the last.</summary>
internal static class Cores
{
    public static int Count { get; } = File.ReadLines("/proc/cpuinfo").Count(l => l.StartsWith("processor", StringComparison.Ordinal));

    public static int Server => 0;
    public static int Generator => Count - 1;

    public static bool CanPin => Count > 1 && File.Exists("/usr/bin/taskset");

    /// <summary>The command that runs a program on one core; the program itself where that isn't possible.</summary>
    public static ProcessStartInfo On(int core, string program, IEnumerable<string> arguments)
    {
        var start = CanPin ? new ProcessStartInfo("/usr/bin/taskset") : new ProcessStartInfo(program);
        if (CanPin)
            foreach (var argument in new[] { "-c", $"{core}", program }) start.ArgumentList.Add(argument);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>Threads inherit their core from the process, so this program starts again on the generator's.</summary>
    public static async Task<int> RunOnGeneratorCoreAsync(string[] args)
    {
        var self = Environment.ProcessPath!;
        var dll = typeof(Cores).Assembly.Location;
        using var again = Process.Start(On(Generator, self, self.EndsWith("dotnet", StringComparison.Ordinal) ? [dll, .. args, "--pinned"] : [.. args, "--pinned"]))!;
        await again.WaitForExitAsync();
        return again.ExitCode;
    }
}
