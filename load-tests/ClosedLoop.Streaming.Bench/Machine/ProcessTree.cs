using System.Globalization;

namespace ClosedLoop.Streaming.Bench.Machine;

/// <summary>CPU time and memory of a process and all below it, as the kernel counts them (CPU in steps of 10 ms).</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    public static double CpuSeconds(int root)
    {
        var processes = Read();
        return Below(root, processes).Sum(pid => processes[pid].Ticks) / TicksPerSecond;
    }

    /// <summary>Resident bytes.</summary>
    public static long ResidentBytes(int root)
    {
        var processes = Read();
        return Below(root, processes).Sum(pid => processes[pid].Pages) * Environment.SystemPageSize;
    }

    private static IEnumerable<int> Below(int root, Dictionary<int, (int Parent, long Ticks, long Pages)> processes)
    {
        if (!processes.ContainsKey(root)) throw new IOException($"Process {root} has ended.");
        yield return root;
        foreach (var child in processes.Where(p => p.Value.Parent == root).SelectMany(p => Below(p.Key, processes))) yield return child;
    }

    private static Dictionary<int, (int Parent, long Ticks, long Pages)> Read()
    {
        var processes = new Dictionary<int, (int, long, long)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                var stat = File.ReadAllText(folder + "/stat");
                // The name may hold spaces and brackets; what follows its last bracket is numbers.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                processes[pid] = (Int(fields[1]), Long(fields[11]) + Long(fields[12]), Long(fields[21]));
            }
            catch (IOException)
            {
                // Ended while we looked.
            }
        }
        return processes;
    }

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
