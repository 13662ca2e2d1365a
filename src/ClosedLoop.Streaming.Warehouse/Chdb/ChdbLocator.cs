namespace ClosedLoop.Streaming.Warehouse.Chdb;

/// <summary>Finds libchdb.so: a path given, then <c>$CLOSEDLOOP_ARTIFACTS/chdb</c>, then <c>artifacts/chdb</c> upward from the program.</summary>
public static class ChdbLocator
{
    public const string FileName = "libchdb.so";
    private const int LevelsMax = 12;

    /// <summary>Null when there is none; <paramref name="looked"/> says where we looked, for the message.</summary>
    public static string? Find(string? given, out IReadOnlyList<string> looked)
    {
        var places = new List<string>();
        looked = places;
        if (!string.IsNullOrEmpty(given))
        {
            places.Add(given);
            return File.Exists(given) ? Path.GetFullPath(given) : Directory.Exists(given) ? Below(given) : null;
        }

        var artifacts = Environment.GetEnvironmentVariable("CLOSEDLOOP_ARTIFACTS");
        if (!string.IsNullOrEmpty(artifacts) && Look(Path.Combine(artifacts, "chdb"), places) is { } set) return set;

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        for (var level = 0; folder is not null && level < LevelsMax; level++, folder = folder.Parent)
            if (Look(Path.Combine(folder.FullName, "artifacts", "chdb"), places) is { } found) return found;
        return null;
    }

    private static string? Look(string folder, List<string> places)
    {
        places.Add(folder);
        return Directory.Exists(folder) ? Below(folder) : null;
    }

    private static string? Below(string folder) =>
        Directory.EnumerateFiles(folder, FileName, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 6 })
            .Order(StringComparer.Ordinal).FirstOrDefault();
}
