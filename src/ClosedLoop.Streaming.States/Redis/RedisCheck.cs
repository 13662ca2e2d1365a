using System.Globalization;

namespace ClosedLoop.Streaming.States;

/// <summary>What must be true of a Redis that keeps states: new enough, and never throwing a state away on its own.</summary>
public static class RedisCheck
{
    private const int VersionMin = 5;

    /// <summary>All that would keep this process from keeping its states there, in sentences; empty when nothing does.</summary>
    public static async Task<IReadOnlyList<string>> MistakesAsync(RedisStatesOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } mistakes) return mistakes;
        try
        {
            using var link = await RedisLink.OpenAsync(options).ConfigureAwait(false);
            return [];
        }
        catch (InvalidOperationException e) { return e.Message.Split(Environment.NewLine); }
    }

    internal static async Task<List<string>> MistakesAsync(RedisLink link)
    {
        var mistakes = new List<string>();
        foreach (var (server, info) in await link.InfoAsync().ConfigureAwait(false))
        {
            var version = Value(info, "redis_version");
            if (int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major < VersionMin)
                mistakes.Add($"Redis at {server} is version {version}; allowed is {VersionMin}.0 or newer.");
            var policy = Value(info, "maxmemory_policy");
            if (policy is not ("noeviction" or ""))
                mistakes.Add($"Redis at {server} has maxmemory-policy {policy}; it would forget people when its memory is full. Allowed is noeviction (CONFIG SET maxmemory-policy noeviction, and in redis.conf).");
        }
        return mistakes;
    }

    /// <summary>Of the lines of INFO, "name:value"; empty when there is none.</summary>
    internal static string Value(string info, string name)
    {
        foreach (var line in info.AsSpan().EnumerateLines())
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ':') return line[(name.Length + 1)..].Trim().ToString();
        return "";
    }
}
