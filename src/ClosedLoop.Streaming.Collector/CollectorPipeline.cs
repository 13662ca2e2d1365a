using System.Text;
using ClosedLoop.Streaming.Collector.Agents;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

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
        TimeProvider time, CollectorTelemetry telemetry)
    {
        _parts = new DoorParts(options, log, settings, keyring, agents, chance, time, telemetry);
        _pixel = new PixelDoor(_parts);
        _redirect = new RedirectDoor(_parts);
        _form = new FormDoor(_parts);
        _consent = new ConsentDoor(_parts);
        _events = new EventsDoor(_parts);
        _gpc = $$"""{"gpc":true,"lastUpdate":"{{options.GpcUpdated}}"}""";
    }

    /// <summary>The doors, and behind them whatever else the process serves.</summary>
    public RequestDelegate Before(RequestDelegate next) => context => TryHandle(context.Features) ?? next(context);

    /// <summary>Null when the path is no door.</summary>
    public Task? TryHandle(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var path = request.Path;
        if (path == "/i") return OnlyGet(features, request.Method) ?? _pixel.HandleAsync(features);
        if (path.Length < 2) return null;
        // One look at the first letter turns away what isn't ours.
        return path[1] switch
        {
            'i' => path == "/ice.png" ? OnlyGet(features, request.Method) ?? _pixel.HandleAsync(features) : null,
            'r' => Redirect(features, request, path),
            'f' => Form(features, request, path),
            'c' => path.StartsWith("/c/", StringComparison.Ordinal) && IsOneSegment(path, 3)
                ? OnlyPost(features, request.Method) ?? _consent.HandleAsync(features, path[3..]) : null,
            'v' => path == "/v1/events" ? OnlyPost(features, request.Method) ?? _events.HandleAsync(features) : null,
            'h' => path == "/health" ? OnlyGet(features, request.Method) ?? Say(features, "text/plain", "ok") : null,
            '.' => path == "/.well-known/gpc.json" ? OnlyGet(features, request.Method) ?? Say(features, "application/json", _gpc) : null,
            _ => null,
        };
    }

    /// <summary>The end of the line where a process serves nothing but the doors.</summary>
    public static Task NotFound(HttpContext context)
    {
        Answers.Refuse(context.Features, Refusal.NotFound, "There is nothing at this address.");
        return Task.CompletedTask;
    }

    public void Dispose() => _parts.Dispose();

    private Task? Redirect(IFeatureCollection features, IHttpRequestFeature request, string path)
    {
        if (path == "/r") return OnlyGet(features, request.Method) ?? _redirect.Signed(features);
        if (path == "/robots.txt") return OnlyGet(features, request.Method) ?? Say(features, "text/plain", "User-agent: *\nDisallow: /\n");
        return path.StartsWith("/r/", StringComparison.Ordinal) && IsOneSegment(path, 3)
            ? OnlyGet(features, request.Method) ?? _redirect.Stored(features, path[3..]) : null;
    }

    private Task? Form(IFeatureCollection features, IHttpRequestFeature request, string path)
    {
        if (!path.StartsWith("/f/", StringComparison.Ordinal) || !IsOneSegment(path, 3)) return null;
        // The thank-you page is read by a browser that has just been sent there; a site of that name keeps its form.
        if (path == ReturnTarget.Thanks && request.Method is "GET" or "HEAD") return Thanks(features);
        return OnlyPost(features, request.Method) ?? _form.HandleAsync(features, path[3..]);
    }

    private static bool IsOneSegment(string path, int from) => path.Length > from && path.IndexOf('/', from) < 0;

    private static Task? OnlyGet(IFeatureCollection features, string method) => method is "GET" or "HEAD" ? null : Refuse(features, Get);

    private static Task? OnlyPost(IFeatureCollection features, string method) => method is "POST" ? null : Refuse(features, Post);

    private static Task Refuse(IFeatureCollection features, string allow)
    {
        Answers.MethodNotAllowed(features, allow);
        return Task.CompletedTask;
    }

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
