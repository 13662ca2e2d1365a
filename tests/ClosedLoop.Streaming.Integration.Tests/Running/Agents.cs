namespace ClosedLoop.Streaming.Integration.Tests.Running;

internal static class Agents
{
    /// <summary>A person's browser; what names itself otherwise may count as a bot and then moves no segment.</summary>
    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
}
