namespace ClosedLoop.Streaming.House.Tests;

/// <summary>The repository's own files, as a clone has them: without build output, fetched parts and data.</summary>
internal static class Repo
{
    private const int TextBytesMax = 1 << 20;
    private static readonly string[] _notOurs =
        [".git", "bin", "obj", "node_modules", "TestResults", ".vs", ".idea", ".vscode", "./artifacts", "./data"];
    private static readonly string[] _textEndings =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".sh", ".mjs", ".js", ".sql", ".yml", ".yaml", ".txt", ".html", ".css", ""];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file under <paramref name="folder"/> (relative to the root), sorted, as paths relative to the root.</summary>
    public static IReadOnlyList<string> Files(string folder, string ending = "")
    {
        var start = Path.Combine(Root, folder);
        if (!Directory.Exists(start)) return [];
        var found = new List<string>();
        Collect(start, ending, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>C# files of the given folders; there must be some, so that no rule passes over nothing.</summary>
    public static IReadOnlyList<string> Sources(params string[] folders)
    {
        var found = folders.SelectMany(f => Files(f, ".cs")).ToList();
        Assert.True(found.Count > 0, $"no C# file found under {string.Join(", ", folders)} of {Root}");
        return found;
    }

    /// <summary>Files that a person reads or writes; lock files and binary files are left out.</summary>
    public static IEnumerable<string> Texts() => Files(".").Where(path =>
        _textEndings.Contains(Path.GetExtension(path)) && !path.EndsWith("package-lock.json", StringComparison.Ordinal)
        && new FileInfo(Path.Combine(Root, path)).Length <= TextBytesMax);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static long Bytes(string path) => new FileInfo(Path.Combine(Root, path)).Length;

    private static void Collect(string folder, string ending, List<string> found)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            if (file.EndsWith(ending, StringComparison.Ordinal)) found.Add(Path.GetRelativePath(Root, file).Replace('\\', '/'));
        foreach (var inner in Directory.EnumerateDirectories(folder))
            if (!_notOurs.Contains(Path.GetFileName(inner)) && !_notOurs.Contains("./" + Path.GetRelativePath(Root, inner))) Collect(inner, ending, found);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ClosedLoop.Streaming.sln"))) return folder.FullName;
        throw new InvalidOperationException($"no ClosedLoop.Streaming.sln above {AppContext.BaseDirectory}");
    }
}
