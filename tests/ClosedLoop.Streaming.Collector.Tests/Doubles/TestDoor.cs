using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>The doors over a real server on loopback, with a log in memory and a clock that stands.</summary>
internal sealed class TestDoor : IAsyncDisposable
{
    public const string WriteKey = "write-demo", OtherKey = "write-other", AdminKey = "admin-key";

    private readonly WebApplication _app;

    public StoodClock Clock { get; } = new();
    public MemoryLog Log { get; } = new();
    public FixedSettings Settings { get; } = new();
    public Keyring Keyring { get; } = new(new byte[32]);
    public int Port { get; }
    public HttpClient Http { get; }
    public System.Diagnostics.Metrics.Meter Meter => _app.Services.GetRequiredService<CollectorTelemetry>().Meter;

    private TestDoor(CollectorOptions options, Action<IServiceCollection>? more)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(options.ConfigureKestrel).UseUrls("http://127.0.0.1:0");
        Settings.Set([Demo]);
        builder.Services.AddSingleton<ILog>(Log).AddSingleton<ISettings>(Settings).AddSingleton(Keyring)
            .AddSingleton<TimeProvider>(Clock).AddSingleton<IChance>(new SeededChance());
        builder.Services.AddCollector(options);
        more?.Invoke(builder.Services);
        _app = builder.Build();
        _app.UseCollector();
        _app.Run(CollectorPipeline.NotFound);
        _app.StartAsync().GetAwaiter().GetResult();
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        Http.DefaultRequestHeaders.Add("User-Agent", Browser);
    }

    public const string Browser = "Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public static Site Demo { get; } = new()
    {
        Id = "demo", Hosts = ["shop.example", "www.shop.example"], Aliases = ["G-DEMO", "1"], WriteKeySha256 = Hash(WriteKey),
    };

    public static Site Other { get; } = new() { Id = "other", Hosts = ["other.example"], Currency = "USD", WriteKeySha256 = Hash(OtherKey) };

    public static TestDoor Open(Action<CollectorOptions>? change = null, Action<IServiceCollection>? more = null)
    {
        var options = new CollectorOptions { AdminKeySha256 = Hash(AdminKey) };
        change?.Invoke(options);
        return new TestDoor(options, more);
    }

    /// <summary>Everything that is in the log, partition after partition.</summary>
    public async Task<List<StoredRecord>> RecordsAsync()
    {
        var records = new List<StoredRecord>();
        for (var partition = 0; partition < Log.Partitions; partition++)
        {
            if (Log.EndOffset(Topic.Hits, partition) == 0) continue;
            var slice = await Log.ReadAsync(Topic.Hits, partition, 0, int.MaxValue, CancellationToken.None);
            foreach (var record in slice) records.Add(new StoredRecord(record, partition));
        }
        return records;
    }

    public async Task<StoredRecord> OnlyRecordAsync() => Assert.Single(await RecordsAsync());

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> FormAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> EventsAsync(string body, string? key = WriteKey, params (string Name, string Value)[] headers) =>
        EventsAsync(Encoding.UTF8.GetBytes(body), key, headers);

    public Task<HttpResponseMessage> EventsAsync(byte[] body, string? key = WriteKey, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = new ByteArrayContent(body) };
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Http.SendAsync(request);
    }

    /// <summary>Bytes as they are over a connection of their own; the whole answer until the server closes or <paramref name="patience"/> ms are over.</summary>
    public async Task<string> RawAsync(byte[] request, int patience = 20_000)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        var answer = new MemoryStream();
        var buffer = new byte[8192];
        using var patient = new CancellationTokenSource(patience);
        try
        {
            var sending = socket.SendAsync(request);
            int read;
            while ((read = await socket.ReceiveAsync(buffer, patient.Token)) > 0) answer.Write(buffer, 0, read);
            await sending;
        }
        catch (SocketException)
        {
            // Reset after the answer: what was read before counts.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    public Task<string> RawAsync(string request) => RawAsync(Encoding.Latin1.GetBytes(request));

    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The name=value part of a Set-Cookie line of this name; null when there is none.</summary>
    public static string? CookieOf(HttpResponseMessage answer, string name = "cl")
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var lines)) return null;
        return lines.FirstOrDefault(l => l.StartsWith(name + "=", StringComparison.Ordinal))?.Split(';')[0];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
