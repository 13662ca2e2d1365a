using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClosedLoop.Streaming.Warehouse.Server;

/// <summary>Requests to a ClickHouse server's HTTP interface, and what its refusals mean. No message carries the password.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const int ErrorBytesMax = 64 * 1024;
    // Inserts and the questions about them never wait for a connection behind reads.
    private const int ConnectionsForInserts = 4;
    private const int AuthenticationFailed = 516;

    private readonly ServerAddress _address;
    private readonly HttpClient _client;

    public ServerConnection(WarehouseOptions options, HttpMessageHandler? handler)
    {
        _address = ServerAddress.Of(options);
        _client = new HttpClient(handler ?? Handler(options)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Host and port, for messages.</summary>
    public string Name => $"{_address.Root.Host}:{_address.Root.Port}";

    public string User => _address.User;

    /// <param name="settings">What stands in the address: the query of an insert, settings, <c>param_…</c>.</param>
    /// <param name="time">Ends the request; when it is not <paramref name="cancel"/> that did it, the server counts as away.</param>
    /// <exception cref="WarehouseException">The server said no.</exception>
    /// <exception cref="WarehouseAwayException">It can't be reached or did not answer in time.</exception>
    public async Task<HttpResponseMessage> SendAsync(
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
            throw new WarehouseAwayException($"The ClickHouse server at {Name} can't be reached or did not answer in time: {Innermost(e)}", e);
        }
    }

    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler Handler(WarehouseOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip, ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = options.ConcurrentQueriesMax + ConnectionsForInserts,
        };
        if (!string.IsNullOrEmpty(options.ServerCaFile)) handler.SslOptions = Trusting(options.ServerCaFile);
        return handler;
    }

    /// <exception cref="WarehouseAwayException">The file can't be read, or holds no certificate.</exception>
    private static SslClientAuthenticationOptions Trusting(string file)
    {
        var trusted = new X509Certificate2Collection();
        try
        {
            trusted.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new WarehouseAwayException($"{WarehouseOptions.Section}:{nameof(WarehouseOptions.ServerCaFile)} {file} can't be read: {e.Message}", e);
        }
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trusted);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static async Task<Exception> FailureAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var bytes = new byte[ErrorBytesMax];
        var count = await body.ReadAtLeastAsync(bytes, ErrorBytesMax, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(bytes, 0, count).Trim();
        var said = text.Contains("Code: ", StringComparison.Ordinal);
        return response.StatusCode switch
        {
            // A proxy in front of a server that is away answers with a status and no code of ClickHouse.
            HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout when !said =>
                new WarehouseAwayException($"The ClickHouse server answered {(int)response.StatusCode}."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when !said =>
                new WarehouseException(AuthenticationFailed, $"The ClickHouse server answered {(int)response.StatusCode}: user or password is wrong."),
            _ => WarehouseException.Of(text.Length > 0 ? text : $"The ClickHouse server answered {(int)response.StatusCode}."),
        };
    }

    // The handler's own message ends with "see inner exception", which helps nobody who reads a log.
    private static string Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e.Message;
    }
}
