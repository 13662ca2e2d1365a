using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>What all pages have in common: the frame, and headers that let nothing run and nobody else show them.</summary>
internal static class PageShell
{
    public static IResult Answer(HttpContext http, Markup body, int status = 200)
    {
        SetHeaders(http);
        var page = Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>ClosedLoop.Streaming</title>
            <link rel="stylesheet" href="/dashboard/style.css"></head>
            <body>{body}</body>
            </html>
            """);
        return Results.Content(page.Text, "text/html; charset=utf-8", statusCode: status);
    }

    public static void SetHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
