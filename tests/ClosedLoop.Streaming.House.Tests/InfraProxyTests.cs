using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.House.Tests;

/// <summary>The proxies' examples: upstreams are there, ports agree, and what is nobody's business outside stays inside.</summary>
public partial class InfraProxyTests
{
    private static readonly string[] _doors = ["/i", "/ice.png", "/r", "/r/", "/f/", "/c/", "/.well-known/gpc.json"];

    [Fact]
    public void In_front_of_compose_doors_go_to_all_collectors_and_the_rest_to_the_dashboard()
    {
        var text = Repo.Read("infra/nginx/compose.conf");
        var upstreams = Upstreams(text);
        Assert.Equal(Infra.OwnServices().Select(s => s.Name).Where(n => n.StartsWith("collector", StringComparison.Ordinal)).Select(n => n + ":8080"), upstreams["collectors"]);
        Assert.Equal(["dashboard:8080"], upstreams["dashboard"]);
        var locations = Locations(text);
        Assert.Superset(_doors.Append("/v1/events").ToHashSet(), locations.Where(l => l.Value == "collectors").Select(l => l.Key).ToHashSet());
        Assert.Equal("dashboard", locations["/"]);
        Assert.Equal(("", ""), (locations["/metrics"], locations["/health"]));
        // The port that nginx listens on is the one that compose publishes.
        Assert.Contains("listen 8080;", text, StringComparison.Ordinal);
        Assert.Equal("8080:8080", Infra.Services().GetProperty("nginx").GetProperty("ports")[0].GetString());
    }

    [Theory]
    [InlineData("infra/nginx/same-origin.conf")]
    [InlineData("infra/caddy/Caddyfile")]
    public void On_the_sites_own_host_there_are_doors_and_nothing_else(string path)
    {
        var text = Repo.Read(path);
        var doors = path.EndsWith("Caddyfile", StringComparison.Ordinal)
            ? Regex.Match(text, @"@doors path (.*)").Groups[1].Value.Split(' ').Select(p => p.TrimEnd('*')).ToHashSet()
            : Locations(text).Where(l => l.Value == "closedloop").Select(l => l.Key).ToHashSet();
        Assert.Equal(_doors.ToHashSet(), doors);
        Assert.Contains("127.0.0.1:8080", text, StringComparison.Ordinal);
        Assert.Contains("CLOSEDLOOP_TRUSTED_PROXIES=127.0.0.1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("infra/nginx/compose.conf")]
    [InlineData("infra/nginx/same-origin.conf")]
    public void Blocks_close_and_statements_end(string path)
    {
        var text = Comment().Replace(Repo.Read(path), "");
        var depth = 0;
        foreach (var c in text)
        {
            depth += c switch { '{' => 1, '}' => -1, _ => 0 };
            Assert.True(depth >= 0, $"{path} closes a block that it did not open");
        }
        Assert.Equal(0, depth);
        Rule.NoneOf(text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[^1] is not (';' or '{' or '}')), $"{path}: a statement ends with a semicolon:");
    }

    private static Dictionary<string, string[]> Upstreams(string text) => Upstream().Matches(text)
        .ToDictionary(m => m.Groups[1].Value, m => Server().Matches(m.Groups[2].Value).Select(s => s.Groups[1].Value).ToArray());

    /// <summary>Path of each location and the upstream that it goes to; empty when to none.</summary>
    private static Dictionary<string, string> Locations(string text) => Location().Matches(text)
        .ToDictionary(m => m.Groups["path"].Value, m => Regex.Match(m.Groups["body"].Value, @"proxy_pass http://([a-z-]+);").Groups[1].Value);

    [GeneratedRegex(@"upstream ([a-z-]+) \{([^}]*)\}")]
    private static partial Regex Upstream();

    [GeneratedRegex(@"server ([a-z0-9.:-]+)")]
    private static partial Regex Server();

    [GeneratedRegex(@"location (= )?(?<path>\S+) \{(?<body>[^}]*)\}")]
    private static partial Regex Location();

    [GeneratedRegex(@"#[^\n]*")]
    private static partial Regex Comment();
}
