using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/</c>, <c>/dashboard</c>, <c>/dashboard/paths</c>, the login, and the one style sheet. Server-rendered, no script.</summary>
internal sealed class PageRoutes(PageSession session, KeyCheck keys, OverviewPage overview, PathsPage paths, DashboardTelemetry telemetry)
{
    private const int FormBytesMax = 4 * 1024;

    private static readonly byte[] Style = Resource("ClosedLoop.Streaming.Dashboard.Pages.style.css");

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { "/", "/dashboard" }) routes.MapGet(path, (Delegate)Show).ExcludeFromDescription();
        routes.MapGet("/dashboard/paths", (Delegate)ShowPaths).ExcludeFromDescription();
        routes.MapPost("/dashboard/login", (Delegate)Login).ExcludeFromDescription();
        routes.MapPost("/dashboard/logout", Logout).ExcludeFromDescription();
        routes.MapGet("/dashboard/style.css", (HttpContext http) =>
        {
            PageShell.SetHeaders(http);
            return Results.Bytes(Style, "text/css; charset=utf-8");
        }).ExcludeFromDescription();
    }

    private async Task<IResult> Show(HttpContext http) =>
        PageShell.Answer(http, session.IsOpen(http) ? await overview.BodyAsync(http) : LoginForm(""));

    private async Task<IResult> ShowPaths(HttpContext http) =>
        PageShell.Answer(http, session.IsOpen(http) ? await paths.BodyAsync(http) : LoginForm(""));

    private async Task<IResult> Login(HttpContext http)
    {
        if (!IsOwnForm(http)) return PageShell.Answer(http, LoginForm("This form came from another site."), 403);
        var key = await KeyAsync(http);
        if (key is null || !keys.IsAdmin(key))
        {
            telemetry.Login("refused");
            return PageShell.Answer(http, LoginForm("This is not the admin key."), 403);
        }
        telemetry.Login("accepted");
        session.Open(http);
        PageShell.SetHeaders(http);
        return SeeOther(http);
    }

    private IResult Logout(HttpContext http)
    {
        if (!IsOwnForm(http)) return PageShell.Answer(http, LoginForm("This form came from another site."), 403);
        session.Close(http);
        return SeeOther(http);
    }

    // 303, so that the browser asks for the page instead of sending the form again.
    private static IResult SeeOther(HttpContext http)
    {
        http.Response.Headers.Location = "/";
        return Results.StatusCode(303);
    }

    /// <summary>Browsers say where a form was sent from; what says another origin is refused. Programs say nothing.</summary>
    private static bool IsOwnForm(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers["Sec-Fetch-Site"] is { Count: > 0 } site) return site == "same-origin" || site == "none";
        return headers.Origin is not { Count: > 0 } origin || Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == http.Request.Host.Value;
    }

    private static async Task<string?> KeyAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = FormBytesMax;
        if (!http.Request.HasFormContentType) return null;
        try { return (await http.Request.ReadFormAsync(http.RequestAborted))["key"].ToString().Trim(); }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException) { return null; }
    }

    private static Markup LoginForm(string problem) => Markup.Of($"""
        <main class="login"><h1>ClosedLoop.Streaming</h1>
        <form method="post" action="/dashboard/login"><label for="key">Admin key</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
        <p class="problem">{problem}</p><button>Log in</button></form></main>
        """);

    private static byte[] Resource(string name)
    {
        using var stream = typeof(PageRoutes).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
