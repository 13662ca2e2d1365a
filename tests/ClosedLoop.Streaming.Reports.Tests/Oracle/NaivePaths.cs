using System.IO.Enumeration;

namespace ClosedLoop.Streaming.Reports.Tests;

/// <summary>The report <c>paths</c> said once more, slowly: one walk per person, and a table of who stood where.</summary>
internal static class NaivePaths
{
    public static SortedDictionary<(int Step, string From, string To), int> Of(PathsRequest request, IEnumerable<PlantedPerson> people)
    {
        var walks = people.SelectMany(p => NaivePerson.Of(p, long.MaxValue)).Where(p => IsMeant(request, p)).Select(p => Cut(request, Walk(request, p))).Where(w => w.Count > 0).ToList();
        var shown = Enumerable.Range(0, request.Steps + 1).Select(position => walks.Where(w => w.Count > position).GroupBy(w => w[position])
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(request.Nodes).Select(g => g.Key).ToHashSet()).ToList();
        var flows = new SortedDictionary<(int, string, string), int>();
        foreach (var walk in walks)
            for (var position = 0; position < Math.Min(walk.Count, request.Steps); position++)
            {
                string Node(int at) => shown[at].Contains(walk[at]) ? walk[at] : "(other)";
                var next = position + 1 < walk.Count ? Node(position + 1) : request.Backward ? "(entry)" : "(exit)";
                var key = request.Backward ? (position + 1, next, Node(position)) : (position + 1, Node(position), next);
                flows[key] = flows.GetValueOrDefault(key) + 1;
            }
        return flows;
    }

    private static bool IsMeant(PathsRequest request, NaivePerson person)
    {
        var where = request.Scope.Where;
        if (where.Count > 0 && !person.Sessions.Any(s => IsWithin(request, s.Start) && where.All(f => f.Value == f.Key switch
        {
            "channel" => s.Source.Channel, "device" => s.Device, "country" => s.Country, _ => throw new ArgumentException(f.Key),
        }))) return false;
        bool Has(params string[] kinds) => person.Conversions.Any(c => kinds.Contains(c.Kind) && IsWithin(request, c.At));
        return request.Converted switch { null => true, "true" => Has("order", "deal"), "false" => !Has("order", "deal"), var kind => Has(kind) };
    }

    private static List<string> Walk(PathsRequest request, NaivePerson person)
    {
        var seen = request.Of == "page"
            ? person.Sessions.SelectMany(s => s.Views).Where(v => IsWithin(request, v.At)).OrderBy(v => v.At).Select(v => v.Page)
            : person.Sessions.Where(s => IsWithin(request, s.Start)).OrderBy(s => s.Start).Select(s => s.Source.Channel);
        var walk = new List<string>();
        foreach (var node in seen)
            if (walk.Count == 0 || walk[^1] != node) walk.Add(node);
        return walk;
    }

    private static List<string> Cut(PathsRequest request, List<string> walk)
    {
        var first = request.Start is null ? 0 : walk.FindIndex(n => FileSystemName.MatchesSimpleExpression(request.Start, n, ignoreCase: false));
        if (first < 0) return [];
        var last = request.End is null ? walk.Count - 1 : walk.FindIndex(first, n => FileSystemName.MatchesSimpleExpression(request.End, n, ignoreCase: false));
        if (last < 0) return [];
        var cut = walk[first..(last + 1)];
        if (request.Backward) cut.Reverse();
        return [.. cut.Take(request.Steps + 1)];
    }

    private static bool IsWithin(PathsRequest request, long at)
    {
        var utc = DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime;
        return utc >= request.Scope.Period.FromUtc && utc < request.Scope.Period.UntilUtc;
    }
}
