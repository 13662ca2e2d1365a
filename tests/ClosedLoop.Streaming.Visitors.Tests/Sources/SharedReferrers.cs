namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>Public lists of referrers beside the repository (shared/data/referrers); tests skip where they are absent.</summary>
internal static class SharedReferrers
{
    private static readonly string[] Endings = ["de", "fr", "co.uk", "com.br", "it"];

    /// <summary>Hosts of a list, with every form of a country's ending. Only lines that look like a host are taken, so no YAML has to be understood.</summary>
    public static List<string> Hosts(string file)
    {
        List<string> hosts = [];
        foreach (var line in File.ReadLines(Path(file)))
        {
            var trimmed = line.Trim();
            if (!trimmed.StartsWith("- ", StringComparison.Ordinal)) continue;
            var host = trimmed[2..].Trim().Trim('\'', '"');
            if (!host.Contains('.', StringComparison.Ordinal) || host.Contains(' ', StringComparison.Ordinal) || host.Any(c => c is '/' or '(' or '\\' or '=' or '?')) continue;
            if (!host.Contains("{}", StringComparison.Ordinal)) hosts.Add(host);
            else hosts.AddRange(Endings.Select(ending => host.Replace("{}", host.StartsWith("{}", StringComparison.Ordinal) ? ending[^2..] : ending, StringComparison.Ordinal)));
        }
        return hosts;
    }

    private static string Path(string file)
    {
        List<string> roots = Environment.GetEnvironmentVariable("CLOSEDLOOP_SHARED") is { Length: > 0 } named ? [named] : [];
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent) roots.Add(System.IO.Path.Combine(folder.FullName, "shared"));
        var found = roots.Select(root => System.IO.Path.Combine(root, "data", "referrers", file)).FirstOrDefault(File.Exists);
        if (found is null) Assert.Skip($"shared/data/referrers/{file} is not beside the repository (CLOSEDLOOP_SHARED may name the folder).");
        return found!;
    }
}
