using System.Diagnostics;
using ClosedLoop.Streaming.Bench.Measuring;

namespace ClosedLoop.Streaming.Bench.Machine;

/// <summary>What this machine can do at this moment, whoever else uses it.</summary>
internal static class Calibrators
{
    private const int BlockBytes = 4096, FileBytes = 16 * 1024 * 1024;

    /// <summary>Seconds of writing and syncing 4 KiB into a file whose blocks exist: F50 and F99.</summary>
    public static (double F50, double F99) Sync(Stage stage, int round, int writes = 300)
    {
        var path = Path.Combine(stage.Folder("sync"), "block");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, preallocationSize: FileBytes);
        var block = new byte[BlockBytes];
        for (var at = 0; at < FileBytes; at += BlockBytes) RandomAccess.Write(file, block, at);
        Posix.Sync(file);
        var took = new double[writes];
        for (var i = 0; i < writes; i++)
        {
            var began = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, (long)i * BlockBytes % FileBytes);
            Posix.Sync(file);
            took[i] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        var result = (Interval.Quantile(took, 0.5), Interval.Quantile(took, 0.99));
        stage.Report.Add(new SliceRow(stage.Id, round, "F50", new Slice(1, result.Item1, 0)));
        stage.Report.Add(new SliceRow(stage.Id, round, "F99", new Slice(1, result.Item2, 0)));
        return result;
    }

    /// <summary>Random read-modify-writes of 64 bytes over 64 MiB.</summary>
    public static void Memory(Stage stage, int round)
    {
        using var table = new RandomTable(1 << 19);
        var random = new Random(round);
        var keys = new ulong[1 << 19];
        for (var i = 0; i < keys.Length; i++) keys[i] = (ulong)random.NextInt64(1, long.MaxValue);
        foreach (var key in keys) table.Touch(key);
        var (wall, cpu) = (Stopwatch.GetTimestamp(), Posix.ThreadSeconds());
        foreach (var key in keys) table.Touch(key);
        stage.Report.Add(new SliceRow(stage.Id, round, "random memory", new Slice(keys.Length, Stopwatch.GetElapsedTime(wall).TotalSeconds, Posix.ThreadSeconds() - cpu)));
    }
}
