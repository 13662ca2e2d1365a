using System.Text.Json;

namespace ClosedLoop.Streaming.Collector.Tests.Agents;

/// <summary>Real agents beside the repository (shared/data/agents); tests skip where they are absent.</summary>
internal static class SharedAgents
{
    public static string Path(string file)
    {
        foreach (var root in Roots())
            if (File.Exists(System.IO.Path.Combine(root, "data", "agents", file))) return System.IO.Path.Combine(root, "data", "agents", file);
        Assert.Skip($"shared/data/agents/{file} is not beside the repository (CLOSEDLOOP_SHARED may name the folder).");
        return "";
    }

    public static List<(string Pattern, string Agent)> Crawlers()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path("crawler-user-agents.json")));
        return [.. from entry in json.RootElement.EnumerateArray()
            from instance in entry.GetProperty("instances").EnumerateArray()
            select (entry.GetProperty("pattern").GetString()!, instance.GetString()!)];
    }

    /// <summary>A list of names with lists of agents: the only form of YAML that the file has.</summary>
    public static List<(string Name, string Agent)> Browsers()
    {
        var name = "";
        List<(string, string)> agents = [];
        foreach (var line in File.ReadLines(Path("browsers.yml")))
        {
            if (line.StartsWith("  - ", StringComparison.Ordinal)) agents.Add((name, line[4..].Trim().Trim('"', '\'')));
            else if (line.Trim().Length > 0) name = line.Trim().TrimEnd(':');
        }
        return agents;
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("CLOSEDLOOP_SHARED") is { Length: > 0 } named) yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return System.IO.Path.Combine(folder.FullName, "shared");
    }
}
