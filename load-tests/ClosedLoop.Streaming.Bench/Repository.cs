using System.Diagnostics;

namespace ClosedLoop.Streaming.Bench;

/// <summary>The clone that this program was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Results => Directory.CreateDirectory(Path.Combine(Root, "load-tests", "results")).FullName;

    /// <summary>The built system, as <c>./dev</c> names it.</summary>
    public static string Program => Environment.GetEnvironmentVariable("CLOSEDLOOP_PROGRAM") is { Length: > 0 } set ? set
        : Path.Combine(Root, "src", "ClosedLoop.Streaming.Host", "bin", "Release", "net10.0", "closedloop");

    /// <summary>Short hash of the commit, with a plus when files differ from it; "unknown" without git.</summary>
    public static string Commit
    {
        get
        {
            try { return Git("rev-parse --short HEAD") + (Git("status --porcelain --untracked-files=no").Length > 0 ? "+" : ""); }
            catch (System.ComponentModel.Win32Exception) { return "unknown"; }
        }
    }

    private static string Git(string arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true })!;
        var text = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return text.Trim();
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ClosedLoop.Streaming.sln"))) return folder.FullName;
        throw new InvalidOperationException("The benchmarks run inside a clone: ClosedLoop.Streaming.sln was not found above the program.");
    }
}
