using System.Text;
using ClosedLoop.Streaming.Collector.Agents;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The places that requests can go to.</summary>
internal enum Door : byte { None, Pixel, StoredLink, SignedLink, Form, Thanks, Consent, Events, Robots, Gpc, Health }

/// <summary>
/// All doors by their paths. Stands before routing and everything else, and works on the server's features alone, because most requests of
/// the system are pixels and each layer above costs as much as the pixel itself.
/// </summary>
public sealed class CollectorPipeline : IDisposable
{
    private const string Get = "GET, HEAD", Post = "POST";

    private readonly DoorParts _parts;
    private readonly PixelDoor _pixel;
    private readonly RedirectDoor _redirect;
    private readonly FormDoor _form;
    private readonly ConsentDoor _consent;
    private readonly EventsDoor _events;
    private readonly string _gpc;

    public CollectorPipeline(CollectorOptions options, ILog log, ISettings settings, Keyring keyring, AgentClassifier agents, IChance chance,
        TimeProvider time, CollectorTelemetry telemetry, Rates rates)
    {
        _parts = new DoorParts(options, log, settings, keyring, agents, chance, time, telemetry, rates);
        _pixel = new PixelDoor(_parts);
        _redirect = new RedirectDoor(_parts);
        _form = new FormDoor(_parts);
        _consent = new ConsentDoor(_parts);
        _events = new EventsDoor(_parts);
        _gpc = $$"""{"gpc":true,"lastUpdate":"{{options.GpcUpdated}}"}""";
    }

    /// <summary>The doors, and behind them whatever else the process serves.</summary>
    public RequestDelegate Before(RequestDelegate next) => context =>
    {
        var door = Match(context.Request.Path.Value ?? "");
        return door == Door.None ? next(context) : HandleAsync(door, context.Features);
    };

    /// <summary>Which door a path is; None when it is none.</summary>
    internal static Door Match(string path)
    {
        if (path == "/i") return Door.Pixel;
        if (path.Length < 2) return Door.None;
        // One look at the first letter turns away what isn't ours.
        return path[1] switch
        {
            'i' when path == "/ice.png" => Door.Pixel,
            'r' when path == "/r" => Door.SignedLink,
            'r' when path == "/robots.txt" => Door.Robots,
            'r' when IsOneSegment(path, "/r/") => Door.StoredLink,
            'f' when path == ReturnTarget.Thanks => Door.Thanks,
            'f' when IsOneSegment(path, "/f/") => Door.Form,
            'c' when IsOneSegment(path, "/c/") => Door.Consent,
            'v' when path == "/v1/events" => Door.Events,
            'h' when path == "/health" => Door.Health,
            '.' when path == "/.well-known/gpc.json" => Door.Gpc,
            _ => Door.None,
        };
    }

    internal Task HandleAsync(Door door, IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var reads = request.Method is "GET" or "HEAD";
        if (reads ? door is Door.Form or Door.Consent or Door.Events : request.Method != "POST" || door is not (Door.Form or Door.Consent or Door.Events))
        {
            Answers.MethodNotAllowed(features, door is Door.Form or Door.Consent or Door.Events ? Post : Get);
            return Task.CompletedTask;
        }
        return door switch
        {
            Door.Pixel => _pixel.HandleAsync(features),
            Door.StoredLink => _redirect.Stored(features, request.Path[3..]),
            Door.SignedLink => _redirect.Signed(features),
            Door.Form => _form.HandleAsync(features, request.Path[3..]),
            Door.Consent => _consent.HandleAsync(features, request.Path[3..]),
            Door.Events => _events.HandleAsync(features),
            Door.Robots => Say(features, "text/plain", "User-agent: *\nDisallow: /\n"),
            Door.Gpc => Say(features, "application/json", _gpc),
            Door.Health => Say(features, "text/plain", "ok"),
            _ => Thanks(features),
        };
    }

    /// <summary>The end of the line where a process serves nothing but the doors.</summary>
    public static Task NotFound(HttpContext context)
    {
        Answers.Refuse(context.Features, Refusal.NotFound, "There is nothing at this address.");
        return Task.CompletedTask;
    }

    public void Dispose() => _parts.Dispose();

    private static bool IsOneSegment(string path, string start) =>
        path.Length > start.Length && path.StartsWith(start, StringComparison.Ordinal) && path.IndexOf('/', start.Length) < 0;

    private static Task Say(IFeatureCollection features, string contentType, string text)
    {
        Answers.Text(features, 200, contentType, text);
        return Task.CompletedTask;
    }

    private static Task Thanks(IFeatureCollection features)
    {
        features.GetRequiredFeature<IHttpResponseFeature>().Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        Answers.Body(features, 200, "text/html; charset=utf-8", ThanksPage);
        return Task.CompletedTask;
    }

    private static readonly byte[] ThanksPage = Encoding.UTF8.GetBytes(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
        + "<title>Thank you</title><h1>Thank you</h1><p>We have received what you sent.</p></html>\n");
}
