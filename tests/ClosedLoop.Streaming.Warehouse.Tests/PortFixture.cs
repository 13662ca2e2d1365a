using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClosedLoop.Streaming.Warehouse.Tests;

/// <summary>The ClickHouse port over the tests' engine, on a free port of this machine.</summary>
public sealed class PortFixture(Chdb chdb) : IAsyncLifetime
{
    public const string Password = "correct horse 1ß";

    private readonly WarehouseTelemetry _telemetry = new();
    private ClickHousePort? _port;
    private HttpClient? _client;

    public ClickHousePort Port
    {
        get
        {
            Assert.SkipWhen(_port is null, chdb.Reason);
            return _port!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (chdb.Started is null) return;
        _port = new ClickHousePort(chdb.Started, new WarehouseOptions { Port = 0, PortPassword = Password, PortQueryBytesMax = 100_000 }, _telemetry, NullLoggerFactory.Instance);
        await _port.StartAsync(CancellationToken.None);
        _client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_port is not null)
        {
            await _port.StopAsync(CancellationToken.None);
            await _port.DisposeAsync();
        }
        _telemetry.Dispose();
    }

    public Task<HttpResponseMessage> Post(string sql, string parameters = "", string? password = Password, string user = "dashboard") =>
        Send(HttpMethod.Post, parameters, sql, password, user);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string parameters, string? body, string? password = Password, string user = "dashboard")
    {
        var request = new HttpRequestMessage(method, Port.Address + "/?" + parameters);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (password is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":" + password)));
        return await _client!.SendAsync(request, Chdb.Cancel);
    }

    public async Task<string> Text(string sql, string parameters = "")
    {
        using var response = await Post(sql, parameters);
        var text = await response.Content.ReadAsStringAsync(Chdb.Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{sql}: {(int)response.StatusCode} {text}");
        return text;
    }
}
