namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>The kind of device behind an agent, by the words that browsers have agreed on.</summary>
internal static class DeviceClasses
{
    public const string Desktop = "desktop";
    public const string Mobile = "mobile";
    public const string Tablet = "tablet";
    public const string Tv = "tv";
    public const string Bot = "bot";
    public const string Other = "other";

    /// <summary>The place of each is its number in the classifier's memory of answers.</summary>
    public static readonly string[] Names = [Desktop, Mobile, Tablet, Tv, Bot, Other];

    private static readonly string[] TvMarks =
        ["smart-tv", "smarttv", "smart tv", "googletv", "google tv", "android tv", "appletv", "apple tv", "hbbtv", "netcast", "nettv", "viera", "bravia", "roku", "crkey", "web0s",
            "webos.tv", "opera tv", "inettvbrowser", "philipstv", "dlnadoc", "; aft", "(tv;", " tv safari", "ce-html", "chromecast", "mitv", "mibox", "shield android tv", "tizen 2.4; tv", "tv bro"];

    private static readonly string[] ConsoleMarks = ["playstation", "xbox", "nintendo"];

    private static readonly string[] TabletMarks =
        ["ipad", "tablet", "kindle", "playbook", "; sm-t", "; sm-x", "; gt-p", "nexus 7", "nexus 9", "nexus 10", "lenovo tab", "; kf", "xoom", "touchpad", "mediapad", "lenovo tb-", "pixel c "];

    private static readonly string[] MobileMarks =
        ["iphone", "ipod", "mobile", "mobi", "phone", "blackberry", "bb10", "opera mini", "symbian", "symbos", "series60", "series40", "nokia", "midp", "j2me", "palm", "docomo", "ucweb", "kaios", "dalvik", "maemo", "meego",
            "brew", "webos", "up.browser", "samsung-", "sonyericsson", "lg-", "mot-", "portalmmm", "vodafone", "fennec", "iemobile", "ios/", "ios ", "ppc;", "fban/"];

    private static readonly string[] DesktopMarks =
        ["windows", "win64", "win32", "win98", "win95", "macintosh", "mac os", "mac_", "macos", "x11", "linux", "cros", "bsd", "sunos", "amiga", "beos", "haiku", "os/2", "qnx", "morphos", "syllable", "risc os", "irix", "solaris", "cygwin", "win10", "ms-office", "msoffice", "os=mac"];

    /// <param name="lower">The agent in lower case.</param>
    public static string Of(string lower)
    {
        if (Has(lower, TvMarks)) return Tv;
        if (Has(lower, ConsoleMarks)) return Other;
        // Windows tells of its touch screen as "Tablet PC": still a desktop's browser.
        var windows = lower.Contains("windows nt", StringComparison.Ordinal);
        if (!windows && Has(lower, TabletMarks)) return Tablet;
        if (Has(lower, MobileMarks) && !(windows && !lower.Contains("mobile", StringComparison.Ordinal))) return Mobile;
        // Android's own convention: a phone's browser says Mobile, a tablet's doesn't.
        if (lower.Contains("android", StringComparison.Ordinal)) return lower.Contains("chrome/", StringComparison.Ordinal) || lower.Contains("version/", StringComparison.Ordinal) ? Tablet : Mobile;
        return Has(lower, DesktopMarks) ? Desktop : Other;
    }

    private static bool Has(string lower, string[] marks)
    {
        foreach (var mark in marks)
            if (lower.Contains(mark, StringComparison.Ordinal)) return true;
        return false;
    }
}
