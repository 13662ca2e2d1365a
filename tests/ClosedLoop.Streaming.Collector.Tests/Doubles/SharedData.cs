namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>Public data sets beside the repository; tests do without, or skip, where they are absent.</summary>
internal static class SharedData
{
    public static string? Folder(string name)
    {
        var fixedPlace = Environment.GetEnvironmentVariable("CLOSEDLOOP_SHARED");
        if (fixedPlace is not null && Directory.Exists(Path.Combine(fixedPlace, "data", name))) return Path.Combine(fixedPlace, "data", name);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(shared)) return shared;
        }
        return null;
    }
}
