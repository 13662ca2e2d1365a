using System.Globalization;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>What a line of a combined log is to web tracking. Only <see cref="Page"/> is sent.</summary>
internal enum LineKind { Page, Asset, Redirect, Error, OtherMethod, Malformed }

/// <summary>One line of a web server's combined log, understood.</summary>
internal sealed partial record AccessLogLine(LineKind Kind, string Address, DateTimeOffset At, string Target, string Referrer, string Agent)
{
    private static readonly HashSet<string> AssetEndings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".bmp", ".css", ".js", ".mjs", ".map", ".woff", ".woff2", ".ttf", ".otf",
        ".eot", ".mp3", ".mp4", ".webm", ".ogg", ".ogv", ".avi", ".mov", ".wav", ".swf", ".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar",
        ".exe", ".msi", ".dmg", ".deb", ".rpm", ".jar", ".iso", ".txt", ".xml", ".json", ".rss", ".atom", ".csv", ".wasm", ".webmanifest",
    };

    private static readonly AccessLogLine Bad = new(LineKind.Malformed, "", default, "", "", "");

    /// <summary>Never throws; what is no line of the format is <see cref="LineKind.Malformed"/>.</summary>
    public static AccessLogLine Parse(string line)
    {
        var match = Combined().Match(line);
        if (!match.Success || !TryTime(match.Groups["time"].Value, out var at)) return Bad;
        var request = match.Groups["request"].Value.Split(' ');
        var status = int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture);
        if (request.Length < 2 || request[0].Length == 0) return status >= 400 ? Bad with { Kind = LineKind.Error } : Bad;
        var target = Unescape(request[1]);
        var kind = request[0] != "GET" ? LineKind.OtherMethod
            // 304 says that the visitor's own copy of the page is good: it was looked at.
            : status is >= 300 and < 400 and not 304 ? LineKind.Redirect
            : status is < 200 or >= 400 ? LineKind.Error
            : IsAsset(target) ? LineKind.Asset : LineKind.Page;
        return new AccessLogLine(kind, match.Groups["address"].Value, at, target, Given(match.Groups["referrer"]), Given(match.Groups["agent"]));
    }

    private static bool IsAsset(string target)
    {
        var end = target.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? target : target[..end];
        return AssetEndings.Contains(Path.GetExtension(path)) || path is "/robots.txt" or "/favicon.ico";
    }

    private static string Given(Group group) => group.Value is "" or "-" ? "" : Unescape(group.Value);

    private static string Unescape(string text) => text.Contains('\\', StringComparison.Ordinal) ? text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : text;

    // The colon in the zone is missing: 17/May/2015:10:05:03 +0000.
    private static bool TryTime(string text, out DateTimeOffset at)
    {
        at = default;
        return text.Length == 26 && DateTimeOffset.TryParseExact(text[..24] + ":" + text[24..], "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out at);
    }

    // Each part ends at a character that it can't contain, so nothing backtracks, and lines are bounded.
    [GeneratedRegex("""^(?<address>\S+) \S+ \S+ \[(?<time>[^\]]{1,40})\] "(?<request>(?:[^"\\]|\\.)*)" (?<status>\d{3}) \S+ "(?<referrer>(?:[^"\\]|\\.)*)" "(?<agent>(?:[^"\\]|\\.)*)".*$""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Combined();
}
