namespace ClosedLoop.Streaming.Bench.Load;

/// <summary>What people look at, come from and browse with.</summary>
internal static class Pages
{
    private static readonly string[] Categories = ["tents", "boots", "jackets", "ropes", "stoves", "maps", "sleeping-bags", "lamps"];

    private static readonly string[] Referrers =
    [
        "https://www.google.com/", "https://www.google.de/", "https://www.bing.com/search?q=two+person+tent", "https://duckduckgo.com/",
        "https://www.facebook.com/", "https://t.co/a8Zk2", "https://www.youtube.com/watch?v=abc", "https://chatgpt.com/", "https://blog.mountains.example/best-tents",
        "https://www.linkedin.com/feed/", "https://news.ycombinator.com/item?id=1",
    ];

    private static readonly string[] Campaigns =
    [
        "utm_source=google&utm_medium=cpc&utm_campaign=tents_de&gclid=EAIaIQobChMI1234567890", "utm_source=newsletter&utm_medium=email&utm_campaign=autumn",
        "utm_source=facebook&utm_medium=paid_social&utm_campaign=retarget&fbclid=IwAR0abcdef", "utm_source=partner&utm_medium=affiliate&utm_campaign=alp",
    ];

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 14; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ];

    private static readonly string[] Languages = ["en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "uk-UA,uk;q=0.9,en;q=0.7", "fr-FR,fr;q=0.9", "pl-PL,pl;q=0.9,en;q=0.8"];

    /// <summary>A page without a campaign.</summary>
    public static string Plain(Random random) => $"https://shop.example/{Categories[random.Next(Categories.Length)]}/{random.Next(200)}";

    public static string Page(Random random)
    {
        var path = Plain(random);
        return random.NextDouble() < 0.15 ? $"{path}?{Campaigns[random.Next(Campaigns.Length)]}" : path;
    }

    /// <summary>Null: typed in, or the browser keeps it to itself. Most views follow a page of the same site.</summary>
    public static string? Referrer(Random random) => random.NextDouble() switch
    {
        < 0.55 => $"https://shop.example/{Categories[random.Next(Categories.Length)]}",
        < 0.8 => Referrers[random.Next(Referrers.Length)],
        _ => null,
    };

    /// <summary>What a visit comes from; null as above.</summary>
    public static string? Outside(Random random) => random.NextDouble() < 0.55 ? Referrers[random.Next(Referrers.Length)] : null;

    public static string Title(Random random) => $"Mountain shop: {Categories[random.Next(Categories.Length)]}";

    /// <summary>About one in twenty-five is a robot, as on a shop without a wall.</summary>
    public static string Agent(Random random) => random.NextDouble() < 0.04 ? Agents[^1] : Agents[random.Next(Agents.Length - 1)];

    public static string Language(Random random) => Languages[random.Next(Languages.Length)];
}
