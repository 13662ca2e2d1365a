namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>
/// Patterns of the crawler-user-agents list that also hit what people use, with what is done about each. Kept short and by name: everything
/// else of the list stands as its authors wrote it.
/// </summary>
internal static class PeoplesAgents
{
    private static readonly HashSet<string> People =
    [
        @"AP3A\.240617\.008", // an Android build that runs on many phones
        "MetaIAB Facebook",   // the browser inside the Facebook app
        "Fluid",              // makes an app of a website on a Mac
        @"Trae\/",            // editors whose built-in browser people use
        @"Code\/1\.",
        "TSM-turingos",       // a Mac's browser with a mark that nobody has explained
    ];

    private static readonly Dictionary<string, string> Narrower = new(StringComparer.Ordinal)
    {
        ["Viber"] = "^Viber$",                  // the preview calls itself Viber and nothing more; the app adds it to the phone's own agent
        ["Sonic"] = @"Sonic\/1|RankSonic",      // Slack on Windows has a part of that name
        [@"Fetch\/"] = @"^Fetch\/",             // MozacFetch is Firefox on Android
    };

    public static bool IsNoBot(string pattern) => People.Contains(pattern);

    public static string Narrowed(string pattern) => Narrower.GetValueOrDefault(pattern, pattern);
}
