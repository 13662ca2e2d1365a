using System.Buffers;

namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>
/// Our own small list: the best known bots, and the words by which the unknown ones give themselves away. Always asked after the fetched list, and
/// the only one where that is absent. Text is compared in lower case; the first mark found stands.
/// </summary>
internal static class AgentMarks
{
    private static readonly (string Class, string[] Marks)[] Lists =
    [
        (BotClasses.AiCrawler, ["gptbot", "chatgpt-user", "oai-searchbot", "claudebot", "claude-user", "claude-searchbot", "anthropic-ai", "perplexitybot", "perplexity-user",
            "google-extended", "bytespider", "ccbot", "amazonbot", "applebot-extended", "meta-externalagent", "meta-externalfetcher", "cohere-ai", "mistralai-user", "diffbot", "youbot"]),
        (BotClasses.SearchEngine, ["googlebot", "google-inspectiontool", "googleother", "bingbot", "msnbot", "adidxbot", "slurp", "duckduckbot", "baiduspider", "yandexbot", "yandeximages",
            "applebot", "sogou", "exabot", "seznambot", "petalbot", "qwantify", "naverbot", "yeti/", "coccocbot", "mojeekbot", "360spider"]),
        (BotClasses.Preview, ["facebookexternalhit", "facebot", "facebookcatalog", "twitterbot", "linkedinbot", "slackbot", "slack-imgproxy", "discordbot", "telegrambot", "whatsapp/", "skypeuripreview",
            "pinterestbot", "redditbot", "embedly", "iframely", "googleimageproxy", "yahoomailproxy", "bitlybot", "vkshare", "mastodon/", "preview", "unfurl"]),
        (BotClasses.Seo, ["ahrefs", "semrush", "mj12bot", "dotbot", "rogerbot", "screaming frog", "seokicks", "serpstat", "sistrix", "blexbot", "dataforseo", "barkrowler", "sitecheck", "siteaudit"]),
        (BotClasses.Monitoring, ["uptimerobot", "pingdom", "statuscake", "site24x7", "newrelicpinger", "datadog", "gtmetrix", "ptst/", "lighthouse", "pagespeed", "check_http",
            "nagios", "zabbix", "blackbox-exporter", "prometheus", "kube-probe", "elb-healthchecker", "googlehc", "uptime", "monitor", "healthcheck", "synthetic"]),
        (BotClasses.Automation, ["headless", "phantomjs", "puppeteer", "playwright", "selenium", "webdriver", "cypress/", "slimerjs", "electron-fetch"]),
        (BotClasses.Advertising, ["adsbot-google", "mediapartners-google", "criteobot", "proximic", "grapeshot", "adstxt", "ads.txt"]),
        (BotClasses.Archiver, ["ia_archiver", "archive.org_bot", "heritrix", "wayback", "httrack", "archiver", "webzip", "teleport"]),
        (BotClasses.Scanner, ["nmap", "nikto", "sqlmap", "zgrab", "masscan", "nuclei", "censys", "expanse", "shodan", "wpscan", "acunetix", "nessus", "qualys", "netcraft", " scanner", "-scanner", "vulnerab"]),
        (BotClasses.Feed, ["feedfetcher", "feedburner", "feedparser", "feedly", "feedbin", "feedvalidator", "newsblur", "tiny tiny rss", "rssowl", "rss reader", "rss/", "simplepie", "magpierss", "netvibes", "inoreader",
            "apple-pubsub", "liferea", "akregator", "netnewswire", "podcast addict", "overcast"]),
        (BotClasses.HttpLibrary, ["python-requests", "python-urllib", "python-httpx", "python/", "aiohttp", "curl/", "pycurl", "libcurl", "wget", "libwww-perl", "lwp::", "lwp-", "java/", "apache-httpclient", "jakarta",
            "go-http-client", "go http package", "okhttp", "node-fetch", "undici", "axios/", "guzzle", "php/", "ruby", "faraday", "rest-client", "restsharp", "postmanruntime", "insomnia/", "httpie", "winhttp",
            "reqwest/", "hyper/", "deno/", "perl", "mechanize", "http_request", "httpunit", "jersey/", "unirest", "scrapy", "colly", "typhoeus", "htmlunit", "powershell", "urlgrabber", "http-kit", "akka-http", "reactornetty"]),
        (BotClasses.Other, ["crawl", "spider", "scrape", "harvest", "fetcher", "validator", "checker", "linkcheck", "indexer", "extractor", "downloader", "http://", "https://", "robot", "+http"]),
    ];

    private static readonly (string Mark, string Class)[] Marks = [.. Lists.SelectMany(list => list.Marks, (list, mark) => (mark, list.Class))];
    private static readonly SearchValues<string> Any = SearchValues.Create([.. Marks.Select(mark => mark.Mark)], StringComparison.Ordinal);

    /// <summary>How many marks there are.</summary>
    public static int Count => Marks.Length;

    /// <param name="lower">The agent in lower case.</param>
    public static string? ClassOf(string lower)
    {
        if (lower.AsSpan().ContainsAny(Any))
            foreach (var (mark, name) in Marks)
                if (lower.Contains(mark, StringComparison.Ordinal)) return name;
        return AgentShape.IsProgram(lower) ? BotClasses.Other : null;
    }
}
