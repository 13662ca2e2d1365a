using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>One request of a webhook as it came.</summary>
internal sealed record Delivered(string Id, string Timestamp, string Signature, string Body, DateTimeOffset Arrived)
{
    private JsonElement? _data;

    public JsonElement Data => _data ??= JsonElement.Parse(Body).GetProperty("data");

    public string Type => JsonElement.Parse(Body).GetProperty("type").GetString()!;

    /// <summary>Null when absent or null.</summary>
    public string? Text(string name) => Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public string Person => Text("lead_id") ?? Text("visitor_id") ?? "";

    public long Sequence => Data.GetProperty("sequence").GetInt64();
}

/// <summary>A receiver of webhooks on loopback that keeps all that comes and says 204.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private const int BodyBytesMax = 64 * 1024;
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<Delivered> _all = new();

    private WebhookSink(int port)
    {
        Url = $"http://127.0.0.1:{port}/hook";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        _server = builder.Build();
        _server.Run(TakeAsync);
    }

    public string Url { get; }

    public IReadOnlyCollection<Delivered> All => _all;

    public static async Task<WebhookSink> StartAsync()
    {
        var sink = new WebhookSink(Ports.Free());
        await sink._server.StartAsync();
        return sink;
    }

    /// <summary>Registers this sink as an endpoint; returns its id and secret.</summary>
    public async Task<(string Id, string Secret)> RegisterAsync(RunningProgram program, bool first = false)
    {
        var made = await program.DoAsync(HttpMethod.Post, "/v1/webhooks", $$"""{"url":"{{Url}}","events":["segment.entered","segment.left"],"first":{{(first ? "true" : "false")}}}""");
        return (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    public Task<Delivered> NextAsync(Func<Delivered, bool> wanted, string what) =>
        Soon.FindAsync(() => Task.FromResult(_all.FirstOrDefault(wanted)), () => $"a webhook: {what}; there were {string.Join(", ", _all.Select(d => d.Type + " " + d.Text("segment")))}");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var arrived = DateTimeOffset.UtcNow;
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers;
        _all.Enqueue(new Delivered(headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body, arrived));
        context.Response.StatusCode = 204;
    }
}
