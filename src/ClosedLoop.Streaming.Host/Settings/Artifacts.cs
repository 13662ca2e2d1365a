namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>Parts that the build fetched: in the folder that CLOSEDLOOP_ARTIFACTS names, else in the first <c>artifacts</c> upward from the program.</summary>
internal static class Artifacts
{
    private const int FoldersMax = 12;

    /// <summary>Null when the part is not there.</summary>
    public static string? Find(string part, string? named)
    {
        if (named is not null) return Existing(Path.Combine(named, part));
        var folder = AppContext.BaseDirectory;
        for (var i = 0; i < FoldersMax && folder is not null; i++, folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)))
            if (Existing(Path.Combine(folder, "artifacts", part)) is { } found) return found;
        return null;
    }

    private static string? Existing(string file) => File.Exists(file) ? file : null;
}
