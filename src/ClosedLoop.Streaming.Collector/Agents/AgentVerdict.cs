namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>What a user agent is.</summary>
/// <param name="BotClass">Null for people's browsers and apps; otherwise one of <see cref="BotClasses"/>.</param>
/// <param name="DeviceClass">desktop, mobile, tablet, tv, bot, other.</param>
public readonly record struct AgentVerdict(string? BotClass, string DeviceClass)
{
    public bool IsBot => BotClass is not null;
}

/// <summary>Names of the classes of what is no person.</summary>
public static class BotClasses
{
    public const string SearchEngine = "search-engine";
    public const string AiCrawler = "ai-crawler";
    public const string Seo = "seo";
    public const string Monitoring = "monitoring";
    public const string Scanner = "scanner";
    public const string Advertising = "advertising";
    /// <summary>Fetches a page to show a link's preview in a chat, a post or a mail.</summary>
    public const string Preview = "preview";
    public const string Feed = "feed";
    public const string HttpLibrary = "http-library";
    public const string Archiver = "archiver";
    public const string Academic = "academic";
    /// <summary>A browser that a program drives.</summary>
    public const string Automation = "automation";
    public const string Other = "other";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The place of each is its number in the classifier's memory of answers.</summary>
    internal static readonly string[] Names =
        [SearchEngine, AiCrawler, Seo, Monitoring, Scanner, Advertising, Preview, Feed, HttpLibrary, Archiver, Academic, Automation, Other];

    /// <summary>The class behind a tag of the crawler-user-agents list.</summary>
    public static string OfTag(string? tag) => tag switch
    {
        "social-preview" => Preview,
        "feed-reader" => Feed,
        "browser-automation" => Automation,
        not null when Names.Contains(tag) => tag,
        _ => Other,
    };
}
