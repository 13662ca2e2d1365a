namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>Where the program and the fetched parts lie; a test whose part is absent skips and says so.</summary>
internal static class Parts
{
    public static bool IsLong => Environment.GetEnvironmentVariable("CLOSEDLOOP_TEST_LONG") == "1";

    /// <summary>The built program: the one that <c>./dev</c> built, otherwise the one beside this test.</summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable("CLOSEDLOOP_PROGRAM") is { Length: > 0 } named && File.Exists(named) ? named : Path.Combine(AppContext.BaseDirectory, "closedloop");

    /// <summary>Folder of the fetched parts; null when there is none.</summary>
    public static string? Artifacts { get; } = Environment.GetEnvironmentVariable("CLOSEDLOOP_ARTIFACTS") is { Length: > 0 } named ? named : Upwards("artifacts");

    public static void NeedEngine()
    {
        Assert.SkipUnless(Artifacts is not null && File.Exists(Path.Combine(Artifacts, "chdb", "libchdb.so")), "libchdb.so is not here; ./dev fetch brings it");
        Assert.SkipUnless(File.Exists(Program), $"the program is not built ({Program})");
    }

    /// <summary>node_modules with the independent clients of the tests; skips without them or without Node.js.</summary>
    public static string NeedNodeModules()
    {
        var folder = Artifacts is null ? null : Path.Combine(Artifacts, "npm-tests", "node_modules");
        Assert.SkipUnless(folder is not null && Directory.Exists(folder), "the npm packages of the tests are not here; ./dev test fetches them");
        Assert.SkipUnless(OnPath("node") is not null, "Node.js is not installed");
        return folder!;
    }

    /// <summary>A file of the data sets beside the repository; skips when it is absent.</summary>
    public static string NeedData(string path)
    {
        var folder = Environment.GetEnvironmentVariable("CLOSEDLOOP_SHARED") is { Length: > 0 } named ? named : Upwards("shared");
        var file = folder is null ? null : Path.Combine(folder, "data", path);
        Assert.SkipUnless(file is not null && File.Exists(file), $"shared/data/{path} is not beside the repository");
        return file!;
    }

    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static string? Upwards(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, name))) return Path.Combine(folder.FullName, name);
        return null;
    }
}
