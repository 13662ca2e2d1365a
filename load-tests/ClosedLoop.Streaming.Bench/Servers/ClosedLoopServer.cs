using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ClosedLoop.Streaming.Bench.Machine;

namespace ClosedLoop.Streaming.Bench.Servers;

/// <summary>The built system, started as anybody would start it.</summary>
internal sealed class ClosedLoopServer : Server
{
    public const string Disk = "disk", PageCache = "pagecache";
    private static readonly string AdminKey = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
    private static readonly TimeSpan CatchUpTimeMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(60);

    private readonly StreamReader _errors;

    private ClosedLoopServer(Process process, int port) : base(process, port)
    {
        _errors = process.StandardError;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
    }

    /// <summary>Speaks with the admin key.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts without waiting for it.</summary>
    /// <param name="roles">All when empty.</param>
    public static ClosedLoopServer Launch(string data, string durability, params string[] roles)
    {
        if (!File.Exists(Repository.Program)) throw new BenchSkippedException($"the program is not built: {Repository.Program} is missing.");
        var port = FreePort();
        var start = Cores.On(Cores.Server, Repository.Program, roles.Length == 0 ? ["run"] : ["run", "--role", .. roles]);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("CLOSEDLOOP_", StringComparison.Ordinal) && k != "CLOSEDLOOP_ARTIFACTS").ToList())
            start.Environment.Remove(name);
        start.Environment["CLOSEDLOOP_PORT"] = $"{port}";
        start.Environment["CLOSEDLOOP_CLICKHOUSE_PORT"] = $"{FreePort()}";
        start.Environment["CLOSEDLOOP_DATA"] = data;
        start.Environment["CLOSEDLOOP_DURABILITY"] = durability;
        start.Environment["CLOSEDLOOP_ADMIN_KEY"] = AdminKey;
        start.Environment["CLOSEDLOOP_WEBHOOK_ALLOW"] = "127.0.0.1/32";
        (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
        var process = Process.Start(start)!;
        // Nobody reads the log; unread, it would fill the pipe and stop the server.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new ClosedLoopServer(process, port);
    }

    /// <summary>Starts, and waits until it is ready.</summary>
    public static async Task<ClosedLoopServer> StartAsync(string data, string durability, params string[] roles)
    {
        var server = Launch(data, durability, roles);
        try
        {
            await Waiting.ForAsync(server.IsReadyAsync, () => server.HasExited, StartTimeMax);
            return server;
        }
        catch (IOException)
        {
            throw new IOException($"closedloop did not start: {await server._errors.ReadToEndAsync()}");
        }
    }

    /// <summary>A collector alone serves the sites that somebody else has made: here, a first start with the default site.</summary>
    public static async Task<ClosedLoopServer> StartCollectorAsync(string data, string durability)
    {
        await using (await StartAsync(data, durability, "collector", "dashboard", "processor", "webhooks")) { }
        return await StartAsync(data, durability, "collector");
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Client.PostAsJsonAsync(path, body);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) throw new BenchSkippedException($"POST /{path} is not served by this version.");
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"POST /{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until every partition's owner has worked on all hits that were taken.</summary>
    public Task CaughtUpAsync() => Waiting.ForAsync(async () => await LagAsync() == 0, () => HasExited, CatchUpTimeMax);

    private async Task<double> LagAsync()
    {
        var lags = (await Client.GetStringAsync("metrics")).Split('\n').Where(line => line.StartsWith("closedloop_processor_lag_hits{", StringComparison.Ordinal)).ToList();
        if (lags.Count == 0) throw new IOException("/metrics has no closedloop_processor_lag_hits.");
        return lags.Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Client.GetAsync("health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
