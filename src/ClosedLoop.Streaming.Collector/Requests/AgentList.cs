namespace ClosedLoop.Streaming.Collector;

/// <summary>Finds the fetched list of crawlers' agents: a path given, then <c>$CLOSEDLOOP_ARTIFACTS/agents</c>, then <c>artifacts/agents</c> upward from the program.</summary>
internal static class AgentList
{
    private const string FileName = "crawler-user-agents.json";

    /// <summary>Null when there is none: then our own small list is all there is.</summary>
    public static string? Find(string? given)
    {
        if (given is not null) return File.Exists(given) ? given : null;
        if (Environment.GetEnvironmentVariable("CLOSEDLOOP_ARTIFACTS") is { Length: > 0 } artifacts)
        {
            var set = Path.Combine(artifacts, "agents", FileName);
            if (File.Exists(set)) return set;
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine(folder.FullName, "artifacts", "agents", FileName);
            if (File.Exists(found)) return found;
        }
        return null;
    }
}
