using System.Net;
using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>
/// A ClickHouse server over its HTTP interface. Inserts are Native, packed, with the token as a setting; reads carry their limits and
/// <c>readonly</c> as settings, and their values as <c>param_…</c>.
/// </summary>
public sealed class ServerWarehouse : IWarehouse, IDisposable
{
    private static readonly TimeSpan InsertTimeMax = TimeSpan.FromMinutes(5);
    private const int ErrorBytesMax = 64 * 1024;

    private readonly WarehouseOptions _options;
    private readonly ServerAddress _address;
    private readonly HttpClient _client;
    private bool _ready;

    public ServerWarehouse(WarehouseOptions options) : this(options, new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.GZip, ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = options.ConcurrentQueriesMax + 2, AllowAutoRedirect = false,
    })
    {
    }

    internal ServerWarehouse(WarehouseOptions options, HttpMessageHandler handler)
    {
        _options = options;
        _address = ServerAddress.Parse(options.ServerUrl ?? throw new ArgumentException("ServerUrl is not set.", nameof(options)));
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        if (_ready) return;
        await SchemaScript.ApplyAsync(this, _options.Synced, cancel).ConfigureAwait(false);
        _ready = true;
    }

    public async Task InsertAsync(NativeBlock block, string token, CancellationToken cancel)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(InsertTimeMax);
        // wait_end_of_query: the status says how the whole insert ended, not how it began.
        var settings = new Dictionary<string, string>
        {
            ["query"] = InsertStatement.Of(block, token) + " FORMAT Native", ["wait_end_of_query"] = "1", ["async_insert"] = "0",
            ["insert_deduplicate"] = "1", ["max_partitions_per_insert_block"] = "1", ["max_insert_threads"] = "1",
        };
        using var response = await SendAsync(settings, new BlockContent(block), time.Token, cancel).ConfigureAwait(false);
    }

    public async Task ExecuteAsync(string statement, CancellationToken cancel)
    {
        var settings = new Dictionary<string, string> { ["wait_end_of_query"] = "1" };
        using var response = await SendAsync(settings, new ByteArrayContent(Encoding.UTF8.GetBytes(statement)), cancel, cancel).ConfigureAwait(false);
    }

    public async Task<WarehouseAnswer> QueryAsync(WarehouseQuery query, CancellationToken cancel)
    {
        var settings = new Dictionary<string, string> { ["default_format"] = query.Format, ["enable_http_compression"] = "1", ["database"] = "closedloop" };
        foreach (var (name, value) in ReadSettings.Of(query)) settings[name] = value;
        // readonly=1 would refuse the settings beside it; 2 allows those and still nothing that writes.
        settings["readonly"] = "2";
        foreach (var (name, value) in query.Parameters) settings["param_" + name] = query.ParametersEscaped ? value : Chdb.ChdbText.Escape(value);
        var response = await SendAsync(settings, new ByteArrayContent(Encoding.UTF8.GetBytes(query.Sql)), cancel, cancel).ConfigureAwait(false);
        return new ServerAnswer(response, await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false));
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        IReadOnlyDictionary<string, string> settings, HttpContent content, CancellationToken time, CancellationToken cancel)
    {
        var address = new UriBuilder(_address.Root)
        {
            Query = string.Join('&', settings.Select(setting => Uri.EscapeDataString(setting.Key) + "=" + Uri.EscapeDataString(setting.Value))),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, address.Uri) { Content = content };
        request.Headers.Authorization = _address.Credentials;
        try
        {
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return response;
            using (response) throw await FailureAsync(response, time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new WarehouseAwayException($"The ClickHouse server at {_address.Root.Host}:{_address.Root.Port} can't be reached or did not answer in time: {e.Message}", e);
        }
    }

    private static async Task<Exception> FailureAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var bytes = new byte[ErrorBytesMax];
        var count = await body.ReadAtLeastAsync(bytes, ErrorBytesMax, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(bytes, 0, count).Trim();
        // A proxy in front of a server that is away answers with a status and no code of ClickHouse.
        return response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout && !text.StartsWith("Code: ", StringComparison.Ordinal)
            ? new WarehouseAwayException($"The ClickHouse server answered {(int)response.StatusCode}.")
            : WarehouseException.Of(text.Length > 0 ? text : $"The ClickHouse server answered {(int)response.StatusCode}.");
    }
}
