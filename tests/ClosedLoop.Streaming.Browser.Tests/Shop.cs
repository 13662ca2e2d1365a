using System.Net;
using ClosedLoop.Streaming.Integration.Tests.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Browser.Tests;

/// <summary>A small shop whose server writes the tag into its pages; its one script shows whether scripts run.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly string _collector;

    private Shop(int port, string collector)
    {
        (Host, _collector) = ($"127.0.0.1:{port}", collector);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _server = builder.Build();
        _server.Run(PageAsync);
    }

    public string Host { get; }

    public string Url => "http://" + Host;

    public static async Task<Shop> StartAsync(string collector)
    {
        var shop = new Shop(Ports.Free(), collector);
        await shop._server.StartAsync();
        return shop;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task PageAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        var path = context.Request.Path.Value!;
        var page = Uri.EscapeDataString(Url + path + context.Request.QueryString);
        var referrer = context.Request.Headers.Referer.ToString() is { Length: > 0 } from ? "&amp;refr=" + Uri.EscapeDataString(from) : "";
        return context.Response.WriteAsync($"""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Tents</title><script>document.title = 'scripts run'</script>
            <h1>{WebUtility.HtmlEncode(path)}</h1>
            <a id="next" href="/tents/alp">All tents</a> <a id="mail" href="{_collector}/r/spring">The link of a mail</a>
            <form action="{_collector}/f/demo" method="post"><input id="email" name="email" type="email"><input name="form" type="hidden" value="contact">
            <input name="return" type="hidden" value="{Url}/thanks"><button id="send">Send</button></form>
            {(path == "/thanks" ? "" : $"<img src=\"{_collector}/i?e=pv&amp;aid=demo&amp;url={page}{referrer}&amp;page=Tents\" alt=\"\" width=\"1\" height=\"1\">")}
            </html>
            """);
    }
}
