using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Segments;
using ClosedLoop.Streaming.States;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Dashboard.Tests;

/// <summary>Doors, processor and management in one process on loopback, with log and journal in memory.</summary>
internal sealed partial class TestSystem : IAsyncDisposable
{
    public const string AdminKey = "the admin key of the tests";
    public const string Browser = "Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly WebApplication _app;

    private TestSystem(WebApplication app, MemoryLog log, Deliveries deliveries) => (_app, Log, Deliveries, Http) = (app, log, deliveries, null!);

    public MemoryLog Log { get; }
    public Deliveries Deliveries { get; }
    public HttpClient Http { get; private set; }
    public IServiceProvider Services => _app.Services;
    public SettingsStore Settings => Services.GetRequiredService<SettingsStore>();
    public string WriteKey { get; private set; } = "";
    public string ReportKey { get; private set; } = "";
    public string OtherWriteKey { get; private set; } = "";

    public static async Task<TestSystem> StartAsync(Action<DashboardOptions>? change = null)
    {
        var options = new DashboardOptions { AdminKeySha256 = SiteKeys.Sha256(AdminKey) };
        change?.Invoke(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var collector = new CollectorOptions { AdminKeySha256 = options.AdminKeySha256 };
        builder.WebHost.UseKestrel(collector.ConfigureKestrel).UseUrls("http://127.0.0.1:0");
        var log = new MemoryLog();
        var deliveries = new Deliveries();
        builder.Services.AddSingleton<ILog>(log).AddSettings(new Keyring(new byte[32]))
            .AddSingleton<IJournal>(new MemoryJournal(new MemoryStates(), log)).AddProcessor(new ProcessorOptions())
            .AddCollector(collector).AddSingleton<IWebhookDeliveries>(deliveries).AddDashboard(options);
        var app = builder.Build();
        app.UseCollector();
        app.UseApiMisses();
        app.UseRouting();
        app.MapDashboard();
        var system = new TestSystem(app, log, deliveries);
        await system.BeginAsync();
        return system;
    }

    private async Task BeginAsync()
    {
        await Settings.UpdateAsync(_ => new SettingsChange { Segments = [.. DefaultSegments.Definitions.Select(d => new SegmentSetting
        {
            Name = d.Name, Rule = d.Rule, Group = d.Group, Order = d.Order, Version = 1, Action = d.ActionJson is null ? null : JsonNode.Parse(d.ActionJson),
        })] });
        await _app.StartAsync();
        await Services.GetRequiredService<ProcessorService>().Opened;
        await Services.GetRequiredService<RulesPublisher>().PublishAsync(default);
        var address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
        Http.DefaultRequestHeaders.Add("User-Agent", Browser);
        var demo = await JsonAsync("POST", "/v1/sites", """{"id":"demo","hosts":["shop.example"],"aliases":["G-DEMO"]}""", 201);
        (WriteKey, ReportKey) = (demo.Text("write_key")!, demo.Text("report_key")!);
        OtherWriteKey = (await JsonAsync("POST", "/v1/sites", """{"id":"other"}""", 201)).Text("write_key")!;
    }

    public Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string? key = AdminKey, params (string Name, string Value)[] headers) =>
        SendBytesAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), key, headers);

    public Task<HttpResponseMessage> SendBytesAsync(string method, string path, byte[]? body, string? key, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new ByteArrayContent(body);
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content!.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    /// <summary>The answer as JSON, after its status was checked.</summary>
    public async Task<JsonElement> JsonAsync(string method, string path, string? body = null, int status = 200, string? key = AdminKey)
    {
        using var answer = await SendAsync(method, path, body, key);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} instead of {status}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>The error of a refused request.</summary>
    public async Task<JsonElement> ErrorAsync(string method, string path, string? body, int status, string? key = AdminKey) =>
        (await JsonAsync(method, path, body, status, key)).GetProperty("error");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
