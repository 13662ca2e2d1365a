using System.CommandLine;

namespace ClosedLoop.Streaming.Host.Settings;

/// <summary>The short settings as flags; a flag stands above the environment. Secrets have none: other users see a command line.</summary>
internal static class SettingFlags
{
    private static readonly (Option<string?> Flag, string Name)[] All =
    [
        Of("--port", "CLOSEDLOOP_PORT"), Of("--bind", "CLOSEDLOOP_BIND"), Of("--public-url", "CLOSEDLOOP_PUBLIC_URL"),
        Of("--trusted-proxies", "CLOSEDLOOP_TRUSTED_PROXIES"), Of("--clickhouse-port", "CLOSEDLOOP_CLICKHOUSE_PORT"), Of("--data", "CLOSEDLOOP_DATA"),
        Of("--durability", "CLOSEDLOOP_DURABILITY"), Of("--webhook-allow", "CLOSEDLOOP_WEBHOOK_ALLOW"), Of("--kafka", "CLOSEDLOOP_KAFKA"), Of("--redis", "CLOSEDLOOP_REDIS"),
        Of("--rates", "CLOSEDLOOP_RATES"),
    ];

    public static void AddTo(Command command)
    {
        foreach (var (flag, _) in All) command.Add(flag);
    }

    public static Dictionary<string, string?> Read(ParseResult parsed) =>
        All.Where(f => parsed.GetValue(f.Flag) is not null).ToDictionary(f => f.Name, f => parsed.GetValue(f.Flag));

    private static (Option<string?>, string) Of(string flag, string name) => (new(flag) { Description = $"Instead of {name}." }, name);
}
