using System.Globalization;
using System.Text.Json.Nodes;

namespace ClosedLoop.Streaming.Host.Verbs.Imports;

/// <summary>
/// A web server's log as page views: tracking without a tag. A visitor is an address with an agent, named by a keyed hash. A line is known
/// again by its text and by how often that very text came before it, so equal lines are several hits and a file twice is one.
/// </summary>
internal sealed class AccessLogImport(SystemClient system, string site, string? host)
{
    private const int GuessLinesMax = 50_000;
    private readonly LineIds _ids = new("log");

    public async Task<int> RunAsync(string file, Action<long> progress, CancellationToken cancel)
    {
        var page = "https://" + (host ?? GuessHost(file) ?? site);
        var batch = new ImportBatch(system, "access-log");
        var count = new ImportCount();
        await count.BeginAsync(system, cancel);
        foreach (var text in LineSource.Read(file))
        {
            cancel.ThrowIfCancellationRequested();
            if (text.Length == 0) continue;
            count.Lines++;
            var line = AccessLogLine.Parse(text);
            if (line.Kind is LineKind.Page or LineKind.Malformed) await batch.AddAsync(Event(line, text, page).ToJsonString(), cancel);
            else count.Leave(NameOf(line.Kind));
            if (count.Lines % 1000 == 0) progress(count.Lines);
        }
        await batch.FlushAsync(cancel);
        progress(count.Lines);
        return await count.FinishAsync(system, batch, cancel);
    }

    private JsonObject Event(AccessLogLine line, string text, string page)
    {
        var id = _ids.Of(text);
        if (line.Kind == LineKind.Malformed) return new JsonObject { ["malformed_line"] = text, ["event_id"] = id, ["site"] = site };
        var e = new JsonObject
        {
            ["event"] = "page_view", ["event_id"] = id, ["site"] = site, ["visitor_id"] = VisitorId(line),
            ["occurred_at"] = line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["url"] = line.Target.StartsWith('/') ? page + line.Target : line.Target, ["ip"] = line.Address,
        };
        if (line.Referrer.Length > 0) e["referrer"] = line.Referrer;
        e["user_agent"] = line.Agent;
        return e;
    }

    private string VisitorId(AccessLogLine line) => "log-" + system.KeyedHash($"{site}\0{line.Address}\0{line.Agent}");

    // Pictures and styles are asked for by the site's own pages; who refers to them most is the site.
    private static string? GuessHost(string file)
    {
        var hosts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in LineSource.Read(file).Take(GuessLinesMax))
            if (AccessLogLine.Parse(text) is { Kind: LineKind.Asset } line && Uri.TryCreate(line.Referrer, UriKind.Absolute, out var referrer) && referrer.Host.Length > 0)
                hosts[referrer.Host] = hosts.GetValueOrDefault(referrer.Host) + 1;
        return hosts.Count == 0 ? null : hosts.MaxBy(h => h.Value).Key;
    }

    private static string NameOf(LineKind kind) => kind switch
    {
        LineKind.Asset => "assets", LineKind.Redirect => "redirects", LineKind.Error => "errors", _ => "other methods",
    };
}
