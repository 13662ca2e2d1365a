using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>
/// One attempt over HTTP: no proxy, no cookies, no redirects, no decompression, no trace headers, connections only through
/// <see cref="GuardedConnector"/>. A pooled connection keeps the address that was checked when it was opened.
/// </summary>
public sealed class HttpAttemptSender : IAttemptSender, IDisposable
{
    /// <summary>Bytes of an answer's body read so that the connection can serve again; a longer one closes it.</summary>
    public const int AnswerBytesMax = 64 * 1024;
    /// <summary>KiB of an answer's headers.</summary>
    public const int AnswerHeadersKilobytesMax = 16;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _http;
    private readonly HttpMessageInvoker _fresh;
    private readonly TimeProvider _time;
    private readonly WebhooksOptions _options;

    public HttpAttemptSender(WebhooksOptions options, GuardedConnector connector, TimeProvider time)
    {
        (_options, _time) = (options, time);
        // A receiver that moves to another address is followed, with a new check, within two minutes.
        _http = Invoker(options, connector, TimeSpan.FromMinutes(2));
        _fresh = Invoker(options, connector, TimeSpan.Zero);
    }

    private static HttpMessageInvoker Invoker(WebhooksOptions options, GuardedConnector connector, TimeSpan keptFor) =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = (context, cancel) => connector.ConnectAsync(context.DnsEndPoint, cancel),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            Credentials = null,
            PreAuthenticate = false,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = AnswerHeadersKilobytesMax,
            MaxResponseDrainSize = AnswerBytesMax,
            ResponseDrainTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = options.AttemptTimeout,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = keptFor,
        });

    public async Task<AttemptResult> SendAsync(
        Uri url, string id, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]> keys, CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(_options.AttemptTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            using var answer = await AnswerAsync(url, id, body, keys, either.Token).ConfigureAwait(false);
            var status = (int)answer.StatusCode;
            var end = AttemptResult.Judge(status);
            return new AttemptResult(end, status, RetryAfterMs(answer), Took(began), end == AttemptEnd.Success ? null : Said(status));
        }
        catch (Exception e) { return Failed(e, began, timeout.IsCancellationRequested, stop.IsCancellationRequested); }
    }

    public void Dispose()
    {
        _http.Dispose();
        _fresh.Dispose();
    }

    // A receiver may close a kept connection in the moment in which it is used again (HTTP/1.0 servers always do). That says nothing about
    // the receiver, so it isn't worth the 5 s to the next attempt; the id makes sending twice harmless.
    private async Task<HttpResponseMessage> AnswerAsync(
        Uri url, string id, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]> keys, CancellationToken cancel)
    {
        try
        {
            using var request = Request(url, id, body, keys);
            return await _http.SendAsync(request, cancel).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (WasClosed(e))
        {
            using var again = Request(url, id, body, keys);
            return await _fresh.SendAsync(again, cancel).ConfigureAwait(false);
        }
    }

    private static bool WasClosed(HttpRequestException e) => e.HttpRequestError == HttpRequestError.ResponseEnded
        || e.InnerException is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } };

    private HttpRequestMessage Request(Uri url, string id, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]> keys)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", Signature.Of(id, timestamp, body.Span, keys));
        request.Headers.TryAddWithoutValidation("User-Agent", "ClosedLoop-Webhooks/1");
        return request;
    }

    private AttemptResult Failed(Exception e, long began, bool late, bool stopping)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is AddressRefusedException refused) return Ended(AttemptEnd.Refused, began, refused.Message);
            if (inner is NameUnresolvedException unresolved) return Ended(AttemptEnd.Unresolved, began, unresolved.Message);
        }
        if (late) return Ended(AttemptEnd.Timeout, began, "No answer within the time of one attempt.");
        if (stopping) return Ended(AttemptEnd.Stopped, began, null);
        // The message of a network failure may hold the URL, and URLs hold receivers' own keys: only the kind is kept.
        var kind = e is HttpRequestException http ? http.HttpRequestError.ToString() : e.GetType().Name;
        return Ended(AttemptEnd.Broken, began, $"The request failed ({kind}).");
    }

    private AttemptResult Ended(AttemptEnd end, long began, string? detail) => new(end, 0, 0, Took(began), detail);

    private double Took(long began) => _time.GetElapsedTime(began).TotalMilliseconds;

    private static string Said(int status) => string.Create(CultureInfo.InvariantCulture, $"The receiver answered {status}.");

    private long RetryAfterMs(HttpResponseMessage answer)
    {
        // Read as text: a receiver's nonsense must not throw.
        if (!answer.Headers.NonValidated.TryGetValues("Retry-After", out var values)) return 0;
        return RetryAfter.Milliseconds(values.ToString(), _time.GetUtcNow(), _options.RetryAfterMax);
    }
}
