using System.IO.Compression;
using System.Net;
using System.Text;
using ClosedLoop.Streaming.Warehouse.Chdb;
using ClosedLoop.Streaming.Warehouse.Port;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>
/// A ClickHouse server for tests: the HTTP interface, writes included, over the tests' own engine. Query in the address or the body,
/// <c>param_…</c>, packed bodies both ways, basic authentication, ClickHouse's codes and headers. Each request gets a session of its own.
/// </summary>
internal sealed class ChdbServer : IAsyncDisposable
{
    public const string User = "loop";
    public const string Password = "p@ss wörd/1";
    private const int BodyBytesMax = 256 * 1024 * 1024;

    // What the interface takes itself; the rest of the address are settings.
    private static readonly string[] OfInterface = ["query", "database", "default_format", "wait_end_of_query", "enable_http_compression", "cancel_http_readonly_queries_on_client_close"];

    private readonly ChdbWarehouse _engine;
    private readonly WebApplication _server;

    private ChdbServer(ChdbWarehouse engine)
    {
        _engine = engine;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public string Address => _server.Urls.Single();

    /// <summary>The address as an operator writes it.</summary>
    public string Url => Address.Replace("http://", $"http://{User}:{Uri.EscapeDataString(Password)}@", StringComparison.Ordinal);

    /// <summary>Looks at a request before it is served; true when it was answered by the script.</summary>
    public Func<HttpContext, Task<bool>> Script { get; set; } = _ => Task.FromResult(false);

    /// <summary>Asked after a request was served: true loses its answer on the way.</summary>
    public Func<HttpContext, bool> Loses { get; set; } = _ => false;

    public int Requests { get; private set; }

    public static async Task<ChdbServer> StartAsync(ChdbWarehouse engine)
    {
        var server = new ChdbServer(engine);
        await server._server.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests++;
        if (await Script(context)) return;
        if (context.Request.Path == "/ping")
        {
            await context.Response.WriteAsync("Ok.\n");
            return;
        }
        try
        {
            if (context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")))
                throw new WarehouseException(516, $"Code: 516. DB::Exception: {User}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)");
            var answer = await RunAsync(context.Request);
            if (Loses(context)) context.Abort();
            else await SendAsync(context, answer);
        }
        catch (WarehouseException e)
        {
            context.Response.StatusCode = e.Code == 516 ? 403 : PortStatus.Of(e.Code);
            context.Response.Headers["X-ClickHouse-Exception-Code"] = e.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await context.Response.WriteAsync(e.Message + "\n");
        }
    }

    private async Task<byte[]> RunAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await (request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body).CopyToAsync(body);
        var bytes = body.ToArray();
        string? Of(string name) => request.Query.TryGetValue(name, out var value) ? value.ToString() : null;
        var parameters = request.Query.Where(q => q.Key.StartsWith("param_", StringComparison.Ordinal)).ToDictionary(q => q.Key[6..], q => q.Value.ToString());
        var settings = request.Query.Where(q => !OfInterface.Contains(q.Key) && !q.Key.StartsWith("param_", StringComparison.Ordinal));
        return await _engine.InSessionAsync(session =>
        {
            if (Of("database") is { } database) session.Query("USE " + database);
            foreach (var (name, value) in settings.OrderBy(setting => setting.Key == "readonly")) session.Query($"SET {name} = '{value}'");
            if (Of("query") is not { } query) return session.Query(Encoding.UTF8.GetString(bytes), Of("default_format") ?? "TabSeparated", parameters, null);
            const string native = " FORMAT Native";
            Assert.EndsWith(native, query, StringComparison.Ordinal);
            session.Insert(query[..^native.Length], "Native", [bytes]);
            return [];
        });
    }

    private static async Task SendAsync(HttpContext context, byte[] answer)
    {
        context.Response.Headers["X-ClickHouse-Summary"] = "{\"read_rows\":\"1\",\"read_bytes\":\"1\",\"result_rows\":\"1\"}";
        var packed = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal) && context.Request.Query["enable_http_compression"] == "1";
        if (!packed)
        {
            await context.Response.Body.WriteAsync(answer);
            return;
        }
        context.Response.Headers.ContentEncoding = "gzip";
        await using var zip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await zip.WriteAsync(answer);
    }
}
