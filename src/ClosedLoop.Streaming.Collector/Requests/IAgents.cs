namespace ClosedLoop.Streaming.Collector;

/// <summary>Empty for people.</summary>
public readonly record struct AgentVerdict(string BotClass, string DeviceClass);

/// <summary>Says of a user agent whether it is a known bot, and on what kind of device it runs.</summary>
public interface IAgents
{
    AgentVerdict Of(string? userAgent);
}
