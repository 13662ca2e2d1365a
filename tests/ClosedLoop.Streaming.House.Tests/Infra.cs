using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ClosedLoop.Streaming.House.Tests;

/// <summary>The files of infra/, read as the programs that they are for read them.</summary>
internal static partial class Infra
{
    private static readonly IDeserializer _yaml = new DeserializerBuilder().Build();

    /// <summary>A YAML file with its anchors and merges resolved, as JSON.</summary>
    public static JsonElement Yaml(string path)
    {
        using var text = new StringReader(Repo.Read(path));
        var graph = _yaml.Deserialize<object>(new MergingParser(new Parser(text)));
        return JsonSerializer.SerializeToElement(Plain(graph));
    }

    public static JsonElement Json(string path) => JsonElement.Parse(Repo.Read(path));

    public static JsonElement Services() => Yaml("infra/compose.yaml").GetProperty("services");

    /// <summary>The services of compose.yaml that are our own program.</summary>
    public static IEnumerable<JsonProperty> OwnServices() => Services().EnumerateObject().Where(s => s.Value.TryGetProperty("build", out _));

    /// <summary>Names of all metrics that the rooms make, as Prometheus shows them.</summary>
    public static IReadOnlySet<string> Metrics()
    {
        var names = new HashSet<string>();
        foreach (var path in Repo.Sources("src").Where(p => p.Contains("Telemetry", StringComparison.Ordinal)))
            foreach (Match match in Made().Matches(Repo.Read(path)))
            {
                names.Add(match.Groups["name"].Value);
                if (match.Groups["kind"].Value == "Histogram") names.UnionWith(new[] { "_bucket", "_sum", "_count" }.Select(end => match.Groups["name"].Value + end));
            }
        return names;
    }

    /// <summary>Names of metrics that a PromQL expression asks for.</summary>
    public static IEnumerable<string> Asked(string expression) => Name().Matches(expression).Select(m => m.Value);

    [GeneratedRegex("""(Create(Observable)?(?<kind>[A-Za-z]+)(<[a-z]+>)?|Observe)\(\s*"(?<name>closedloop_[a-z_]+)""")]
    private static partial Regex Made();

    [GeneratedRegex(@"\bclosedloop_[a-z_]+")]
    private static partial Regex Name();

    private static object? Plain(object? node) => node switch
    {
        IDictionary<object, object> map => map.ToDictionary(p => p.Key.ToString()!, p => Plain(p.Value)),
        IList<object> list => list.Select(Plain).ToList(),
        _ => node,
    };
}
