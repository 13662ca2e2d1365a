namespace ClosedLoop.Streaming.Collector;

/// <summary>Until the classifier of this room's Agents folder is there: an agent that names itself a bot is one.</summary>
internal sealed class KnownAgents : IAgents
{
    public AgentVerdict Of(string? userAgent)
    {
        if (string.IsNullOrEmpty(userAgent)) return new("no_agent", "unknown");
        var bot = userAgent.Contains("bot", StringComparison.OrdinalIgnoreCase) || userAgent.Contains("spider", StringComparison.OrdinalIgnoreCase);
        return new(bot ? "crawler" : "", userAgent.Contains("Mobile", StringComparison.Ordinal) ? "mobile" : "desktop");
    }
}
