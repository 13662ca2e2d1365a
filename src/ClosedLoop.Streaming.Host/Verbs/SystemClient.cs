using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ClosedLoop.Streaming.Host.Settings;

namespace ClosedLoop.Streaming.Host.Verbs;

/// <summary>Something that the running system, or the way to it, said no to; printed as it is.</summary>
internal sealed class VerbException(string message) : Exception(message);

/// <summary>How verbs talk to the running system: its HTTP API, with the admin key of the environment or of the data folder.</summary>
internal sealed class SystemClient : IDisposable
{
    private const int TriesMax = 120;
    private readonly HttpClient _http;
    private readonly byte[] _hashKey;

    private SystemClient(Uri url, string? key)
    {
        Url = url;
        _hashKey = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes("closedloop import " + key));
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(120) };
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Url { get; }

    /// <summary>128 bits as hex, keyed with the admin key: nobody without it can find out which address stands behind.</summary>
    public string KeyedHash(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(_hashKey, System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    public static Option<string?> UrlOption() => new("--url") { Description = "Address of the running system; left out: this machine, by CLOSEDLOOP_BIND and CLOSEDLOOP_PORT." };

    public static SystemClient Open(string? url)
    {
        var settings = HostSettings.Read([]);
        if (settings.Mistakes.Count > 0) throw new VerbException(string.Join(Environment.NewLine, settings.Mistakes));
        var bind = settings.Bind is "0.0.0.0" ? "127.0.0.1" : settings.Bind is "::" ? "[::1]" : settings.Bind.Contains(':', StringComparison.Ordinal) ? $"[{settings.Bind}]" : settings.Bind;
        if (!Uri.TryCreate(url ?? $"http://{bind}:{settings.Port}", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new VerbException($"--url is '{url}'; allowed is an http or https address such as http://127.0.0.1:8080.");
        var file = DataFolder.AdminKeyFile(settings.Data);
        return new SystemClient(address, settings.AdminKey ?? (File.Exists(file) ? File.ReadAllText(file).Trim() : null));
    }

    /// <summary>Runs a verb; what an operator can mend becomes one sentence on standard error and code 1.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> verb)
    {
        try { return await verb(); }
        catch (VerbException e) { await Console.Error.WriteLineAsync(e.Message); }
        catch (OperationCanceledException) { await Console.Error.WriteLineAsync("Stopped before the end."); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { await Console.Error.WriteLineAsync(e.Message); }
        return 1;
    }

    /// <summary>A system that has just been started says 503 until its parts are open; that is waited for, about a minute at most.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancel);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == TriesMax) return await ReadAsync(answer, cancel);
            await Task.Delay(500, cancel);
        }
    }

    /// <summary>Sends events to <c>/v1/events</c>; a 503 is tried again after the time that it names, up to <see cref="TriesMax"/> times.</summary>
    /// <param name="events">JSON of each.</param>
    /// <param name="import">What is imported, so that it is remembered for ever; null when it is no import.</param>
    public Task<JsonElement> PostEventsAsync(IEnumerable<string> events, string? import, CancellationToken cancel) =>
        PostAsync("/v1/events", "[" + string.Join(",", events) + "]", cancel, import);

    /// <summary>The same for any address that may be asked twice.</summary>
    public async Task<JsonElement> PostAsync(string path, string json, CancellationToken cancel, string? import = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, System.Text.Encoding.UTF8) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (import is not null) request.Headers.Add("ClosedLoop-Import", import);
            using var answer = await SendAsync(request, cancel);
            if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) || attempt == TriesMax) return await ReadAsync(answer, cancel);
            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), cancel);
        }
    }

    /// <summary>Waits until nothing is on its way any more, at most about a minute; returns the account.</summary>
    public async Task<JsonElement> SettledAsync(CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            var account = await GetAsync("/v1/verify", cancel);
            if (account.GetProperty("in_flight").GetInt64() == 0 || i == 300) return account;
            await Task.Delay(200, cancel);
        }
    }

    /// <summary>Any status is returned; only the way to the system throws.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try { return await _http.SendAsync(request, cancel); }
        catch (HttpRequestException e)
        {
            throw new VerbException($"No system answers at {Url} ({e.HttpRequestError}). Start it with ./dev run, or name its address with --url.");
        }
    }

    /// <exception cref="VerbException">The answer is no success; the message is the system's own.</exception>
    public async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new VerbException($"{Url} did not accept the admin key. Set CLOSEDLOOP_ADMIN_KEY, or CLOSEDLOOP_DATA to the folder of the running system.");
        if (!answer.IsSuccessStatusCode) throw new VerbException($"{Url} answered {(int)answer.StatusCode}: {text}");
        try { return JsonElement.Parse(text); }
        catch (JsonException) { throw new VerbException($"{Url} answered something that is no JSON; is it a ClosedLoop system?"); }
    }

    public void Dispose() => _http.Dispose();
}
