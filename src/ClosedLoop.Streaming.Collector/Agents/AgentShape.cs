using System.Buffers;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.Collector.Agents;

/// <summary>Programs that are on no list, by the shape of what they call themselves. Errs towards people: their hits count, a bot's move nothing.</summary>
internal static partial class AgentShape
{
    // Browsers that said "compatible" long ago, and office programs that show mail to people.
    private static readonly string[] OldBrowsers =
        ["msie", "konqueror", "ms-office", "amiga", "ibrowse", "abrowse", "netpositive", "webpositive", "icab", "omniweb", "elinks", "webtv", "windows", "intel mac", "avant browser", "netscape", "opera"];

    // What people use though it names no system.
    private static readonly string[] Apps =
        ["applewebkit/", "cfnetwork/", "darwin/", "lynx/", "links", "w3m", "mozac", "quicktime/", "googleapp/", "pinterest/", "htc ", "fban", "msoffice", "outlook", "thunderbird", "airmail"];

    private static readonly SearchValues<char> NameOnly = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789 ._/:+,-");

    /// <param name="lower">The agent in lower case.</param>
    public static bool IsProgram(string lower) => SaysBot(lower) || IsHollow(lower) || HasAddress().IsMatch(lower) || IsCompatibleStranger(lower) || IsNameOnly(lower);

    // "bot" at the end of a word: somebot/1.0, some_bot, "bot "; but Cubot is a maker of phones.
    private static bool SaysBot(string lower)
    {
        for (var at = lower.IndexOf("bot", StringComparison.Ordinal); at >= 0; at = lower.IndexOf("bot", at + 3, StringComparison.Ordinal))
        {
            var endsWord = at + 3 == lower.Length || !char.IsAsciiLetter(lower[at + 3]);
            var isPhone = at >= 2 && lower.AsSpan(at - 2, 2).SequenceEqual("cu");
            if (endsWord && !isPhone) return true;
        }
        return false;
    }

    // A browser's prefix and nothing behind it: written by a program that copied the first word.
    private static bool IsHollow(string lower) =>
        lower.StartsWith("mozilla/", StringComparison.Ordinal) && lower.Replace("(compatible;)", "", StringComparison.Ordinal).Length <= "mozilla/5.0 ()".Length;

    // Well-behaved bots leave the address of somebody to complain to.
    [GeneratedRegex(@"\w(@|\(at\)|\[at\]| at )[\w-]+\.[a-z]", RegexOptions.NonBacktracking)]
    private static partial Regex HasAddress();

    // "(compatible; Name/1.0)" is how bots introduce themselves; no browser of today does.
    [GeneratedRegex(@"[(; ]compatible; (?<name>[\w.\- ]{3,}(/[\w.]*)?)\s*[;)]", RegexOptions.NonBacktracking)]
    private static partial Regex Compatible();

    private static bool IsCompatibleStranger(string lower)
    {
        if (!lower.Contains("compatible; ", StringComparison.Ordinal) || !Compatible().IsMatch(lower)) return false;
        foreach (var browser in OldBrowsers)
            if (lower.Contains(browser, StringComparison.Ordinal)) return false;
        return true;
    }

    // "Zapier", "some-tool/1.0": a name, perhaps a version, and no system that it runs on.
    private static bool IsNameOnly(string lower)
    {
        if (lower.AsSpan().ContainsAnyExcept(NameOnly) || lower.StartsWith("mozilla/", StringComparison.Ordinal) || lower.StartsWith("opera/", StringComparison.Ordinal)) return false;
        foreach (var app in Apps)
            if (lower.Contains(app, StringComparison.Ordinal)) return false;
        return DeviceClasses.Of(lower) == DeviceClasses.Other;
    }
}
